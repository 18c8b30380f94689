using System.Collections.Immutable;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Sim;

/// <summary>
/// The simulated hypervisor. All it decides, it decides on the clock's loop: a caller there gets its answer at once, any other
/// waits for the loop to come round to it.
/// </summary>
internal sealed class SimulatedHost : IHypervisor
{
    private const int Dom0 = 0;

    private readonly Dictionary<int, SimulatedPaging> _pagers = [];
    private readonly MachineMemory _machine;

    // Replaced as a whole, so that it can be looked at from any thread.
    private volatile ImmutableSortedDictionary<int, SimulatedDomain> _domains = ImmutableSortedDictionary<int, SimulatedDomain>.Empty;
    private int _lastDomid = -1;

    /// <summary>A host with dom0 on it.</summary>
    /// <param name="clock">Its time, and its thread.</param>
    /// <param name="connect">Gives a connection to the xenstore that acts with the rights of a domain.</param>
    /// <param name="spec">The machine.</param>
    /// <param name="trace">Told one line for each event of the world, in order.</param>
    public SimulatedHost(SimulationClock clock, Func<int, IXenStore> connect, HostSpec spec, Action<string>? trace = null)
    {
        (Clock, Connect, Spec) = (clock, connect, spec);
        Trace = new WorldTrace(clock, trace);
        _machine = new MachineMemory(spec.Memory.ToPages());
        var dom0 = Build(new DomainSpec { Name = "Domain-0", Kind = DomainKind.Pv, Memory = spec.Dom0Memory, Uuid = Guid.Empty });
        dom0.SetState(DomainState.Running);
        DomainZero = connect(Dom0);
    }

    public string Description => "simulated host";

    public SimulationClock Clock { get; }

    public HostSpec Spec { get; }

    public WorldTrace Trace { get; }

    /// <summary>The connection of dom0, as which the toolstack and the pagers act.</summary>
    public IXenStore DomainZero { get; }

    public Func<int, IXenStore> Connect { get; }

    public async ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default) =>
        await Clock.CallAsync(() => new HostMemory(_machine.Total.ToKib(), _machine.Free.ToKib(), Kib.Zero));

    public async ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default) =>
        await Clock.CallAsync<IReadOnlyList<DomainInfo>>(() => [.. _domains.Values.Select(domain => domain.Info)]);

    public async ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) =>
        await Clock.CallAsync(() => Find(domid)?.Info);

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class
    {
        if (Find(domid) is not { } domain)
            return Offer.None<TMechanism>($"domain {domid} does not exist (any more)");
        if (typeof(TMechanism) == typeof(IMaxMem))
            return Offer.Of((TMechanism)(object)new SimulatedMaxMem(domain, Clock));
        if (typeof(TMechanism) != typeof(IPaging))
            return Offer.None<TMechanism>($"the simulated host does not know {typeof(TMechanism).Name}");
        return WhyNoPaging(domain) is { } reason
            ? Offer.None<TMechanism>(reason)
            : Offer.Of((TMechanism)(object)PagingOf(domain));
    }

    public SimulatedDomain? Find(int domid) => _domains.GetValueOrDefault(domid);

    /// <summary>The newest of a name: while a domain reboots, there may be two.</summary>
    public SimulatedDomain? Find(string name) => _domains.Values.LastOrDefault(domain => domain.Spec.Name == name);

    /// <summary>Builds a domain from free memory, under the next domid.</summary>
    public SimulatedDomain Build(DomainSpec spec)
    {
        var domain = new SimulatedDomain(_lastDomid + 1, spec.Uuid ?? Spec.Seed.UuidOf(spec.Name), spec, _machine);
        _lastDomid = domain.Domid;
        _domains = _domains.Add(domain.Domid, domain);
        return domain;
    }

    /// <summary>Takes a domain down, and its memory back.</summary>
    public void Destroy(SimulatedDomain domain)
    {
        lock (_pagers)
            if (_pagers.Remove(domain.Domid, out var paging))
                paging.Dispose();
        _domains = _domains.Remove(domain.Domid);
        domain.Destroy();
    }

    private string? WhyNoPaging(SimulatedDomain domain)
    {
        if (!Spec.Paging)
            return "this hypervisor is built without memory paging";
        return domain.Spec.Kind == DomainKind.Pv ? $"paging needs hardware-assisted paging (HAP): domain {domain.Domid} is PV" : null;
    }

    private SimulatedPaging PagingOf(SimulatedDomain domain)
    {
        lock (_pagers)
        {
            if (!_pagers.TryGetValue(domain.Domid, out var paging))
                _pagers[domain.Domid] = paging = new SimulatedPaging(domain, Clock, () => StartPager(domain));
            return paging;
        }
    }

    private Pager StartPager(SimulatedDomain domain) =>
        new(domain, DomainZero, Clock, Spec.PagingRate, Trace, Spec.Seed.For($"pager of {domain.Spec.Name}"));
}
