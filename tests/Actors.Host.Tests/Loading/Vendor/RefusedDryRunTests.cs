using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>A dry run applies what the operator refused to a plugin, as the run itself does.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class RefusedDryRunTests(bool inProcess)
{
    private static readonly TargetRequest Request = new() { Target = Kib.FromMiB(512) };

    [Test]
    public async Task A_needed_mechanism_that_is_not_granted_is_the_same_obstacle_as_in_the_run()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.1\nneeds: [paging, max-mem]", new PluginGrant { Mechanisms = ["paging"] });
        var ran = (await host.ReachAsync("mechanisms")).Reason.Split("; ")[0];

        var step = (await ActorPreview.OfAsync(host.Entry, RunContext.ForDryRun(host.Services.HostDomain, null), Request, default)).Steps.Single();

        Assert.That(step.Verdict, Is.EqualTo("unable"));
        Assert.That(step.Reason, Is.EqualTo("the plugin 'vendor' may not use max-mem: 'isolation' in actors.yaml does not grant it"));
        Assert.That(step.Reason, Is.EqualTo(ran));
    }

    [Test]
    public async Task What_is_granted_is_tried()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.1\nneeds: [paging, max-mem]");

        var step = (await ActorPreview.OfAsync(host.Entry, RunContext.ForDryRun(host.Services.HostDomain, null), Request, default)).Steps.Single();

        Assert.That((step.Verdict, step.Reason), Is.EqualTo(("tries", "")));
    }
}
