using Actors.Loading.Metrics;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>The daemon keeps a plugin's own metrics, wherever the plugin runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class MetricTests(bool inProcess)
{
    [Test]
    public async Task They_are_up_to_date_when_a_call_has_returned()
    {
        await using var host = new VendorHost(inProcess);
        await host.ReachAsync("");
        await host.ReachAsync("");

        Assert.That((await host.StatusAsync()).Metrics, Is.EqualTo(new[]
        {
            new PluginMetric("vendor.calls", "counter", "{call}", "Calls of this actor.", 2),
            new PluginMetric("vendor.footprint", "gauge", "By", "", 1L << 30),
        }));
    }

    [Test]
    public async Task A_flood_of_names_is_refused_and_the_plugin_keeps_its_metrics()
    {
        await using var host = new VendorHost(inProcess);

        Assert.That((await host.ReachAsync("metrics")).Reason, Does.StartWith("ArgumentException: a plugin has at most 200 metrics"));
        await host.ReachAsync("");

        Assert.That((await host.StatusAsync()).Metrics, Has.Count.EqualTo(200).And.One.Property("Name").EqualTo("vendor.calls"));
    }

    [Test]
    public async Task Counters_go_on_when_the_process_is_started_again()
    {
        if (inProcess)
            Assert.Ignore("the daemon's own process is not started again");
        await using var host = new VendorHost(inProcess);
        await host.ReachAsync("");
        await host.ReachAsync("exit");

        await host.ServedAsync("settings");

        Assert.That((await host.StatusAsync()).Metrics[0].Value, Is.GreaterThanOrEqualTo(2));
    }
}
