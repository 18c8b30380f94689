using Actors.Loading.Containment;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>What a plugin does not request, or what the operator does not grant, is refused by name, wherever the plugin runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class PermissionTests(bool inProcess)
{
    private const string All = "IMaxMem is available; IPaging is available; ISharing is available; this Xen has no tmem";

    [Test]
    public async Task A_plugin_for_the_first_contract_that_requests_nothing_may_use_what_it_always_could()
    {
        await using var host = new VendorHost(inProcess);

        Assert.That((await host.ReachAsync("mechanisms")).Reason, Is.EqualTo(All));
        Assert.That((await host.ReachAsync("host")).Reason, Is.EqualTo("2 GiB"));
        Assert.That((await host.ReachAsync("request")).Reason, Is.EqualTo("1 MiB"));
    }

    [TestCase("contract: 1.0\nneeds: [max-mem]\nuses: [tmem]")]
    public async Task A_mechanism_that_the_manifest_does_not_request_is_refused_by_name(string manifest)
    {
        await using var host = new VendorHost(inProcess, manifest);

        Assert.That((await host.ReachAsync("mechanisms")).Reason.Split("; "), Is.EqualTo(new[]
        {
            "IMaxMem is available",
            "the plugin 'vendor' may not use paging: its plugin.yaml does not request it",
            "the plugin 'vendor' may not use sharing: its plugin.yaml does not request it",
            "this Xen has no tmem",
        }));
    }

    [Test]
    public async Task A_mechanism_that_the_operator_does_not_grant_is_refused_by_name()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.0\nneeds: [max-mem, paging, sharing]", new PluginGrant { Mechanisms = ["paging", "tmem"] });

        Assert.That((await host.ReachAsync("mechanisms")).Reason.Split("; "), Is.EqualTo(new[]
        {
            "the plugin 'vendor' may not use max-mem: 'isolation' in actors.yaml does not grant it",
            "IPaging is available",
            "the plugin 'vendor' may not use sharing: 'isolation' in actors.yaml does not grant it",
            "the plugin 'vendor' may not use tmem: its plugin.yaml does not request it",
        }));
    }

    [TestCase("host_memory: false", true, "its plugin.yaml does not request it")]
    [TestCase("host_memory: true", false, "'isolation' in actors.yaml does not grant it")]
    public async Task The_hosts_memory_is_refused_by_name(string manifest, bool granted, string why)
    {
        await using var host = new VendorHost(inProcess, $"contract: 1.0\n{manifest}", new PluginGrant { HostMemory = granted });

        foreach (var argument in new[] { "host", "request" })
        {
            var outcome = await host.ReachAsync(argument);
            Assert.That((outcome.Kind, outcome.Reason), Is.EqualTo((OutcomeKind.Failed, $"the plugin 'vendor' may not use host memory: {why}")));
        }
        Assert.That((await host.StatusAsync()).Faults, Is.Zero, "the chain goes on, and the plugin stays in service");
    }

    [TestCase("read /local/domain/2/name")]
    [TestCase("read //local/domain/2/name")]
    [TestCase("read ../2/name")]
    [TestCase("read x/../../2/name")]
    [TestCase("read @releaseDomain")]
    [TestCase("write /local/domain/2/memory/target")]
    [TestCase("write ../2/memory/target")]
    [TestCase("write memory-policy/target")]
    public async Task Keys_outside_of_its_domain_are_refused(string argument)
    {
        await using var host = new VendorHost(inProcess);
        await host.Services.Services.Store.WriteTextAsync("/local/domain/2/name", "another");
        await host.Services.Services.Store.WriteTextAsync("/local/domain/2/memory/target", "1");

        Assert.That((await host.ReachAsync(argument)).Kind, Is.EqualTo(OutcomeKind.Failed));
        Assert.That(await host.Services.Services.Store.TryReadTextAsync("/local/domain/2/memory/target"), Is.EqualTo("1"));
    }

    [Test]
    public async Task The_status_lists_each_permission()
    {
        await using var host = new VendorHost(inProcess, "contract: 1.0\nneeds: [paging, sharing]\nnetwork: true", new PluginGrant { Mechanisms = ["paging"] });

        var requested = (await host.StatusAsync()).Permissions.Where(permission => permission.Requested);

        Assert.That(requested, Is.EqualTo(new[]
        {
            new PluginPermission("host memory", true, true), new PluginPermission("network", true, false),
            new PluginPermission("paging", true, true), new PluginPermission("sharing", true, false),
        }));
    }
}
