namespace Actors.XenVm.Tests;

/// <summary>Tests that share one boot of the machine.</summary>
public abstract class MachineTests(string folder, string store)
{
    private XenMachine _machine = null!;

    [OneTimeSetUp]
    public void Boot() => _machine = XenMachine.Boot(folder, store);

    [OneTimeTearDown]
    public async Task SwitchOffAsync() => await _machine.DisposeAsync();

    protected static IEnumerable<TestCaseData> Cases(string folder) =>
        Scenarios.In(folder).Select(name => new TestCaseData(name).SetName($"{char.ToUpperInvariant(name[0])}{name[1..]}"));

    protected async Task PassesAsync(string scenario)
    {
        var verdict = await _machine.VerdictAsync(scenario);
        Prerequisites.IgnoreIfMissing(verdict.Status, verdict.Transcript);
        await TestContext.Out.WriteLineAsync(verdict.Transcript);
        Assert.That(verdict.Status, Is.Zero, verdict.Transcript);
    }
}
