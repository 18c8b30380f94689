using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Machine;
using Actors.Sim.Memory;
using Actors.Sim.Paging;
using Actors.Sim.Sharing;
using Actors.Sim.Specs;
using Actors.Sim.Tmem;
using Actors.XenStore;

namespace Actors.Sim.Hypervisor;

/// <summary>
/// The simulated hypervisor. Every decision is made on the clock's loop. A caller on the loop gets its answer at once, any other
/// caller waits for the loop.
/// </summary>
internal sealed class SimulatedHost : IHypervisor
{
    private const int Dom0 = 0;

    // Xen 4.19 moved the counters of claims from the assignment of pages to their allocation.
    private static readonly Version ClaimsOnlyShrink = new(4, 19);

    private readonly MachineMemory _machine;
    private readonly PageFiles _pageFiles;
    private readonly SharingGroups _sharingGroups;
    private readonly Action<int>? _announceShutdown;
    private Pages _reserve;

    // Replaced as a whole, so that any thread can read it.
    private volatile DomainSet _domains = DomainSet.Empty;

    /// <summary>Creates a host with dom0 on it.</summary>
    /// <param name="clock">The time, and the thread, of the host.</param>
    /// <param name="connect">Returns a connection to xenstore that acts with the rights of a domain.</param>
    /// <param name="spec">The machine.</param>
    /// <param name="trace">Receives one line for each event of the world, in order.</param>
    /// <param name="announceShutdown">Called when a domain has shut down or crashed, as Xen notifies xenstored (<c>VIRQ_DOM_EXC</c>).</param>
    public SimulatedHost(
        SimulationClock clock, Func<int, IXenStore> connect, HostSpec spec, Action<string>? trace = null, Action<int>? announceShutdown = null)
    {
        (Clock, Connect, Spec, _announceShutdown) = (clock, connect, spec, announceShutdown);
        Trace = new WorldTrace(clock, trace);
        _machine = new MachineMemory(
            spec.Memory.ToPages(), spec.Superpages ? new HostFrames(spec.Memory.ToPages().Value, spec.Hap2Mb) : null, spec.XenVersion < ClaimsOnlyShrink,
            spec.Overcommit);
        _pageFiles = new PageFiles(spec.PagingDisk);
        DomainZero = connect(Dom0);
        SharedFrames = new SharedFrames(_machine);
        _sharingGroups = new SharingGroups(DomainZero);
        var dom0 = Build(new DomainSpec { Name = "Domain-0", Kind = DomainKind.Pv, Memory = spec.Dom0Memory, Uuid = Guid.Empty });
        if (spec.Overcommit)
            dom0.Use(PageClass.Free, PageClass.Kernel, dom0.Memory.Populated);
        dom0.SetState(DomainState.Running);
    }

    /// <summary>Raised when a domain was built or restored; it does nothing yet.</summary>
    public event Action<SimulatedDomain>? Built;

    /// <summary>Raised with the domid and the reason when a pager dies on its own.</summary>
    public event Action<int, string>? PagerDied;

    public string Description => "simulated host";

    /// <summary>The pages that domains share.</summary>
    public SharedFrames SharedFrames { get; }

    /// <summary>All domains, ordered by domid. It is another list after a domain appeared or disappeared.</summary>
    public IReadOnlyList<SimulatedDomain> Domains => _domains.All;

    /// <summary>The pages that no domain holds and that are not shared.</summary>
    public Pages FreePages => _machine.Free;

    public SimulationClock Clock { get; }

    public HostSpec Spec { get; }

    public WorldTrace Trace { get; }

    /// <summary>The connection of dom0, which the toolstack and the pagers use.</summary>
    public IXenStore DomainZero { get; }

    public Func<int, IXenStore> Connect { get; }

    /// <summary>The highest domid that was assigned.</summary>
    public int LastDomid { get; private set; } = -1;

    public void KeepFree(Kib reserve) => _reserve = reserve.ToPages();

    public async ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default) =>
        await Clock.CallAsync(() => new HostMemory(_machine.Total.ToKib(), _machine.Free.ToKib(), _machine.Claimed.ToKib()));

    public async ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default) =>
        await Clock.CallAsync<IReadOnlyList<DomainInfo>>(() => [.. Domains.Select(domain => domain.Info)]);

    public async ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) =>
        await Clock.CallAsync(() => Find(domid)?.Info);

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class
    {
        if (_domains.Find(domid) is not { } hosted)
            return Offer.None<TMechanism>($"domain {domid} does not exist (any more)");
        if (WhyNot(typeof(TMechanism), hosted.Domain) is { } reason)
            return Offer.None<TMechanism>(reason);
        return hosted.Mechanisms.OfType<TMechanism>().FirstOrDefault() is { } mechanism
            ? Offer.Of(mechanism)
            : Offer.None<TMechanism>($"the simulated host does not know {typeof(TMechanism).Name}");
    }

    public SimulatedDomain? Find(int domid) => _domains.Find(domid)?.Domain;

    /// <summary>Finds the newest domain with a name. While a domain reboots, there may be two.</summary>
    public SimulatedDomain? Find(string name) => _domains.Find(name)?.Domain;

    /// <summary>Builds a domain from free memory, with the next domid.</summary>
    /// <exception cref="HypervisorException">There is not enough free memory.</exception>
    /// <param name="spec">The domain.</param>
    /// <param name="size">Its size; as the spec says when not given.</param>
    public SimulatedDomain Build(DomainSpec spec, DomainSize? size = null) =>
        Add(new SimulatedDomain(LastDomid + 1, spec.Uuid ?? Spec.Seed.UuidOf(spec.Name), spec, _machine, size));

    /// <summary>Restores a domain of an earlier machine with its own domid.</summary>
    public SimulatedDomain Restore(int domid, Guid uuid, DomainSpec spec, DomainSize size)
    {
        // The entries of two domains were not recorded at the same moment: memory that one gave up may be counted in the other as well.
        var most = Pages.Max(Pages.Zero, _machine.Free + size.PagedOut - size.Persistent - spec.Offset.ToPages());
        return Add(new SimulatedDomain(domid, uuid, spec, _machine, size with { Populated = Pages.Min(size.Populated, most) }));
    }

    /// <summary>Skips the domids that an earlier machine assigned.</summary>
    public void SkipDomids(int last) => LastDomid = Math.Max(LastDomid, last);

    /// <summary>Destroys a domain and takes its memory back.</summary>
    public void Destroy(SimulatedDomain domain)
    {
        foreach (var mechanism in _domains.Find(domain.Domid)!.Mechanisms.OfType<IDisposable>())
            mechanism.Dispose();
        _domains = _domains.Without(domain);
        domain.Destroy();
    }

    public bool IsPaging(int domid) => PagingOf(domid)?.Running ?? false;

    /// <summary>Kills the pager of a domain, if it has one.</summary>
    public void KillPager(int domid, string why)
    {
        if (PagingOf(domid) is not { Running: true } paging)
            return;
        paging.Kill(why);
        PagerDied?.Invoke(domid, why);
    }

    // Without an iterator: this is called twice a second for each domain.
    private SimulatedPaging? PagingOf(int domid)
    {
        var mechanisms = _domains.Find(domid)?.Mechanisms;
        for (var index = 0; index < mechanisms?.Count; index++)
        {
            if (mechanisms[index] is SimulatedPaging paging)
                return paging;
        }
        return null;
    }

    private SimulatedDomain Add(SimulatedDomain domain)
    {
        SkipDomids(domain.Domid);
        domain.StateChanged += () =>
        {
            if (domain.State is DomainState.ShutDown or DomainState.Crashed)
                _announceShutdown?.Invoke(domain.Domid);
        };
        IReadOnlyList<object> mechanisms =
        [
            new SimulatedMaxMem(domain, Clock),
            new SimulatedPaging(domain, Clock, _pageFiles, () => StartPager(domain)),
            new SimulatedSharing(domain, Clock, Spec, SharedFrames, _sharingGroups, () => Domains),
            new SimulatedTmem(domain, Clock, Trace),
        ];
        _domains = _domains.With(new HostedDomain(domain, mechanisms));
        Built?.Invoke(domain);
        return domain;
    }

    private string? WhyNot(Type mechanism, SimulatedDomain domain)
    {
        if (mechanism == typeof(IPaging))
            return PagerRefusal.WithoutTrying(Spec, domain);
        if (mechanism == typeof(ISharing))
            return SharingSupport.WhyNot(Spec, domain);
        return mechanism == typeof(ITmem) ? TmemSupport.WhyNot(Spec, domain) : null;
    }

    private Pager StartPager(SimulatedDomain domain) =>
        new(domain, DomainZero, Clock, Spec, Trace, Spec.Seed.For($"pager of {domain.Spec.Name}"),
            () => Pages.Max(Pages.Zero, _machine.AvailableTo(null) - _reserve));
}
