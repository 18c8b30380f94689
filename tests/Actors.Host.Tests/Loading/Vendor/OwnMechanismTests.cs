using Actors.Sdk;
using NSubstitute;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>A plugin offers a mechanism of its own to its actors, wherever it runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class OwnMechanismTests(bool inProcess)
{
    [Test]
    public async Task It_is_created_once_for_a_domain_and_the_status_names_it()
    {
        await using var host = StartHost();

        Assert.That((await host.ReachAsync("pool")).Reason, Is.EqualTo("web-1: 1"));
        Assert.That((await host.ReachAsync("pool")).Reason, Is.EqualTo("web-1: 2"));
        Assert.That((await host.StatusAsync()).OwnMechanisms, Is.EqualTo(new[] { "IVendorPool" }));
    }

    [TestCase("none", "the pool is full")]
    [TestCase("silent", "the plugin gave no reason")]
    public async Task While_it_is_unavailable_the_actor_sees_why_not(string mode, string whyNot)
    {
        await using var host = StartHost();

        Assert.That((await host.ReachAsync($"pool {mode}")).Reason, Is.EqualTo(whyNot));
        Assert.That((await host.ReachAsync("pool")).Reason, Is.EqualTo("web-1: 1"), "it is requested again");
        Assert.That((await host.StatusAsync()).Faults, Is.Zero);
    }

    [Test]
    public async Task What_its_creation_throws_is_a_fault_of_the_run_and_the_next_run_works()
    {
        await using var host = StartHost();

        var outcome = await host.ReachAsync("pool throw");

        Assert.That((outcome.Kind, outcome.Reason), Is.EqualTo((OutcomeKind.Failed, "InvalidOperationException: no pool today")));
        Assert.That((await host.StatusAsync()).LastFault, Is.EqualTo("InvalidOperationException: no pool today"));
        Assert.That((await host.ReachAsync("pool")).Reason, Is.EqualTo("web-1: 1"));
    }

    [Test]
    public async Task It_is_disposed_of_when_its_domain_has_disappeared_and_not_before()
    {
        await using var host = StartHost();
        await host.ReachAsync("pool");

        await ListAsync(host, exists: true);
        Assert.That((await host.ReachAsync("pool")).Reason, Is.EqualTo("web-1: 2"), "another domain came");
        await ListAsync(host, exists: false);
        await UntilAsync(async () => (await host.ReachAsync("pools")).Reason, "1 created, 1 disposed");

        Assert.That((await host.ReachAsync("pool")).Reason, Is.EqualTo("web-1: 1"), "the next domain has its own");
    }

    [Test]
    public async Task What_its_disposal_throws_is_a_fault()
    {
        await using var host = StartHost();
        await host.ReachAsync("pool sticky");

        await ListAsync(host, exists: false);

        await UntilAsync(async () => (await host.StatusAsync()).LastFault, "when its mechanisms for domain 1 were disposed of: InvalidOperationException: it sticks");
    }

    [Test]
    public async Task It_is_disposed_of_when_its_plugin_is_unloaded()
    {
        await using var host = StartHost();
        await host.ReachAsync("pool sticky");

        Directory.Delete(host.Root.Folder("vendor"), recursive: true);
        await host.Catalog.ReloadAsync(null, default);

        await UntilAsync(() => Task.FromResult(host.Services.Journal.Any(entry => entry.Reason.Contains("it sticks", StringComparison.Ordinal)).ToString()), "True");
    }

    [Test]
    public async Task A_process_that_is_started_again_has_a_new_one()
    {
        if (inProcess)
            Assert.Ignore("the daemon's own process is not started again");
        await using var host = StartHost();
        await host.ReachAsync("pool");

        await host.ReachAsync("exit");

        Assert.That(await host.ServedAsync("pool"), Is.EqualTo("web-1: 1"));
    }

    private VendorHost StartHost() => new(inProcess, "contract: 1.1", prepare: host => List(host, exists: true));

    private static async Task UntilAsync(Func<Task<string>> read, string expected)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string found;
        while ((found = await read()) != expected && TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30))
            await Task.Yield();
        Assert.That(found, Is.EqualTo(expected));
    }

    // What the next list of domains contains. Completes when it was read.
    private static Task List(VendorHost host, bool exists)
    {
        IReadOnlyList<DomainInfo> infos = exists ? [new DomainInfo { Domid = 1, Uuid = Guid.Empty, Kind = DomainKind.Pvh, State = DomainState.Running, TotPages = Pages.Zero, MaxPages = Pages.Zero }] : [];
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.Services.Hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(_ =>
        {
            listed.TrySetResult();
            return new ValueTask<IReadOnlyList<DomainInfo>>(infos);
        });
        return listed.Task;
    }

    private static async Task ListAsync(VendorHost host, bool exists)
    {
        var listed = List(host, exists);
        // It fires @introduceDomain, after which the list of domains is read.
        await host.Services.Services.Store.IntroduceAsync(100 + host.Introduced++, 0, 1);
        await listed.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
