using Actors.Dispatch;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Host.Tests.Dispatch;

internal sealed class ListingTests
{
    [Test]
    public void A_failed_listing_of_domains_is_repeated_and_no_domain_is_missed() => TestWorld.Run(async world =>
    {
        var domid = await world.CreateAsync("web-1");
        await using var watcher = new DomainWatcher(world.Services with { Hypervisor = new Refusing(world.Machine, 3) }, new ActorDirectory("nobody"));
        await watcher.StartAsync(default);

        await world.SetTargetAsync(domid, Kib.FromMiB(900));
        var state = await world.StateAsync(domid, state => state.Final);

        Assert.That(state.Reason, Does.Contain("cannot be used"));
    });

    private sealed class Refusing(IHypervisor machine, int times) : IHypervisor
    {
        private int _left = times;

        public string Description => machine.Description;

        public ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default) => machine.GetHostMemoryAsync(cancellation);

        public ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default) => _left-- > 0
            ? throw new HypervisorException("XEN_SYSCTL_getdomaininfolist", 12, "the hypervisor has no memory for it")
            : machine.ListDomainsAsync(cancellation);

        public ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) => machine.GetDomainAsync(domid, cancellation);

        public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class => machine.GetMechanism<TMechanism>(domid);
    }
}
