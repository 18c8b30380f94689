using Actors.Loading.Containment;
using Actors.Sdk;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Loading.Vendor;

/// <summary>A plugin is notified of the domains that appear and disappear, if it may be, wherever it runs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class DomainNoticeTests(bool inProcess)
{
    private const string Manifest = "contract: 1.1\ndomains: true";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly PluginGrant Granted = new() { Domains = true };

    [Test]
    public async Task It_is_notified_of_the_domains_that_exist_and_of_every_change()
    {
        await using var host = new VendorHost(inProcess, Manifest, Granted, prepare: store => Exist(store, "web", "db"));
        await UntilAsync(host, "+web +db");

        await ExistAsync(host, "web", "db", "cache");
        await UntilAsync(host, "+web +db +cache");
        await ExistAsync(host, "web", "", "cache");
        await UntilAsync(host, "+web +db +cache -db");
    }

    [Test]
    public async Task A_domain_that_takes_the_number_of_another_is_another_domain()
    {
        await using var host = new VendorHost(inProcess, Manifest, Granted, prepare: store => Exist(store, "web"));
        await UntilAsync(host, "+web");

        await ExistAsync(host, "db");

        await UntilAsync(host, "+web -web +db");
    }

    [TestCase("contract: 1.1", true)]
    [TestCase("contract: 1.0", true)]
    [TestCase(Manifest, false)]
    public async Task Without_the_permission_it_is_notified_of_nothing(string manifest, bool granted)
    {
        await using var host = new VendorHost(inProcess, manifest, new PluginGrant { Domains = granted }, prepare: store => Exist(store, "web"));
        await host.ReachAsync("domains");

        await ExistAsync(host, "web", "db");

        Assert.That((await host.ReachAsync("domains")).Reason, Is.EqualTo("none"));
        Assert.That((await host.StatusAsync()).Permissions.Single(permission => permission.Name == "domains").Allowed, Is.False);
    }

    [Test]
    public async Task What_it_throws_is_a_fault_and_it_is_notified_of_the_next_domain()
    {
        await using var host = new VendorHost(inProcess, Manifest, Granted, prepare: store => Exist(store, "bad", "web"));

        await UntilAsync(host, "+web");

        Assert.That((await host.StatusAsync()).LastFault, Is.EqualTo("when a domain appeared: InvalidOperationException: a bad domain"));
    }

    [Test]
    public async Task A_call_that_never_returns_is_a_fault_and_it_is_notified_of_the_next_domain()
    {
        await using var host = new VendorHost(inProcess, Manifest, Granted, prepare: store => Exist(store, "slow", "web"));

        await UntilAsync(host, "+slow +web");

        // An outcome in between has reset the faults in a row, but not their total.
        Assert.That((await host.StatusAsync()).Faults, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_process_that_is_started_again_is_notified_of_all_domains_again()
    {
        if (inProcess)
            Assert.Ignore("the daemon's own process is not started again");
        await using var host = new VendorHost(inProcess, Manifest, Granted, prepare: store => Exist(store, "web"));
        await UntilAsync(host, "+web");

        await host.ReachAsync("exit");

        await UntilAsync(host, "+web");
    }

    [Test]
    public async Task An_error_that_nobody_expects_delays_the_notices_and_does_not_end_them()
    {
        await using var host = new VendorHost(inProcess, Manifest, Granted, prepare: store => Exist(store, "web"));
        await UntilAsync(host, "+web");
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.Services.Hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(_ =>
        {
            failed.TrySetResult();
            return new ValueTask<IReadOnlyList<DomainInfo>>(Task.FromResult<IReadOnlyList<DomainInfo>>(null!));
        });
        await host.Services.Services.Store.IntroduceAsync(100, 0, 1);
        await failed.Task.WaitAsync(Soon);

        Exist(host, "web", "db");

        await UntilAsync(host, "+web +db");
    }

    private static void Exist(VendorHost host, params string[] names)
    {
        for (var at = 0; at < names.Length; at++)
            host.Services.Services.Store.WriteTextAsync($"/local/domain/{at + 1}/name", names[at]).AsTask().GetAwaiter().GetResult();
        IReadOnlyList<DomainInfo> infos = [.. names.Select((name, at) => (Name: name, Domid: at + 1)).Where(domain => domain.Name.Length > 0).Select(domain => new DomainInfo
        {
            Domid = domain.Domid,
            Uuid = new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(domain.Name)).AsSpan(0, 16)),
            Kind = DomainKind.Pvh,
            State = DomainState.Running,
            TotPages = Pages.Zero,
            MaxPages = Pages.Zero,
        })];
        host.Services.Services.Hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(new ValueTask<IReadOnlyList<DomainInfo>>(infos));
    }

    private static async Task ExistAsync(VendorHost host, params string[] names)
    {
        Exist(host, names);
        // It fires @introduceDomain, after which the list of domains is read.
        await host.Services.Services.Store.IntroduceAsync(names.Length + 100 + host.Introduced++, 0, 1);
    }

    private static async Task UntilAsync(VendorHost host, string domains)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string seen;
        while ((seen = (await host.ReachAsync("domains")).Reason) != domains && TimeProvider.System.GetElapsedTime(begun) < Soon)
            await Task.Yield();
        Assert.That(seen, Is.EqualTo(domains));
    }
}
