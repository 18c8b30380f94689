using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>A plugin that was compiled against contract 1.0 still works, wherever it runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class FirstContractTests(bool inProcess)
{
    [Test]
    public async Task It_is_loaded_and_everything_that_it_uses_works()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.0\nneeds: [max-mem]", plugin: "first");

        var outcome = await host.ReachAsync("hello");

        Assert.That((outcome.Kind, outcome.Reason), Is.EqualTo((OutcomeKind.Short, "web-1: note=hello, 512 MiB")));
        var status = await host.StatusAsync();
        Assert.That((status.Faults, status.OwnMechanisms, status.Metrics), Is.EqualTo((0, Array.Empty<string>(), Array.Empty<object>())));
    }
}
