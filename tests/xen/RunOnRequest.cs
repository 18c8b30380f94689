namespace Actors.XenVm.Tests;

/// <summary>These tests boot emulated machines for minutes, so they run only on request: <c>tests/xen/run</c>, <c>.ci/run</c>.</summary>
[SetUpFixture]
public sealed class RunOnRequest
{
    /// <summary>The environment variable that requests them.</summary>
    private const string Variable = "ACTORS_XEN_TESTS";

    [OneTimeSetUp]
    public void IgnoreUnlessRequested()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
            Assert.Ignore($"boots Xen in an emulated machine, which takes minutes; tests/xen/run runs it (or {Variable}=1)");
    }
}
