namespace Actors.XenVm.Tests;

/// <summary>The published daemon in a real dom0. Each test is a script of scenarios/, and has its name.</summary>
[Parallelizable]
public sealed class DaemonTests() : MachineTests(Folder, "xenstored")
{
    private const string Folder = "scenarios";

    private static IEnumerable<TestCaseData> All => Cases(Folder);

    [TestCaseSource(nameof(All))]
    public Task Holds(string scenario) => PassesAsync(scenario);
}

/// <summary>The same where the store is the OCaml one.</summary>
[Parallelizable]
public sealed class OxenstoredTests() : MachineTests(Folder, "oxenstored")
{
    private const string Folder = "scenarios/oxenstored";

    private static IEnumerable<TestCaseData> All => Cases(Folder);

    [TestCaseSource(nameof(All))]
    public Task Holds(string scenario) => PassesAsync(scenario);
}
