using Actors.Sdk;
using Actors.Xen.Calls;
using Actors.Xen.Domains;
using Actors.Xen.Hypercalls;
using Actors.Xen.Paging;
using Actors.XenStore;

namespace Actors.Xen;

/// <summary>The hypervisor under this dom0. A hypercall takes microseconds, so callers are answered on their own thread.</summary>
internal sealed class XenHypervisor : IHypervisor, IDisposable
{
    private readonly IXenCall _xen;
    private readonly Domctl _domctl;
    private readonly Sysctl _sysctl;
    private readonly Announcements _announcements;
    private readonly XenPagers _pagers;

    /// <summary>Finds out how to talk to it.</summary>
    /// <exception cref="HypervisorException">It is too new or too old, or this is no dom0; the message says what to do.</exception>
    public XenHypervisor(IXenCall xen, IXenStore store, IPagingProgram pager, string pageFiles, TimeProvider time)
    {
        _xen = xen;
        Version = XenVersion.Ask(xen);
        Versions = InterfaceVersions.Probe(xen, Version);
        (_domctl, _sysctl, Memory) = (new Domctl(xen, Versions.Domctl), new Sysctl(xen, Versions), new MemoryOps(xen));
        _announcements = new Announcements(store, time);
        var ground = new PagerGround(pager, new PageFileRoom(pageFiles), new PagerOrders(store), time)
        {
            Ask = _domctl.Ask,
            FreeMemory = () => new Pages(_sysctl.AskMachine().FreePages).ToKib(),
            Detach = _domctl.DetachPager,
        };
        _pagers = new XenPagers(ground, Memory.HasPaging);
    }

    public string Version { get; }

    public InterfaceVersions Versions { get; }

    public MemoryOps Memory { get; }

    public string Description => $"Xen {Version}";

    public PhysicalRecord Machine => _sysctl.AskMachine();

    public ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default)
    {
        var machine = _sysctl.AskMachine();
        return new(new HostMemory(
            new Pages(machine.TotalPages).ToKib(), new Pages(machine.FreePages).ToKib(), new Pages(machine.OutstandingPages).ToKib()));
    }

    public async ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default)
    {
        var domains = new List<DomainInfo>();
        foreach (var record in _sysctl.ListDomains())
            domains.Add(await InfoOfAsync(record, cancellation));
        return domains;
    }

    public async ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) =>
        _domctl.Ask(domid) is { } record ? await InfoOfAsync(record, cancellation) : null;

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class
    {
        if (_domctl.Ask(domid) is not { } record)
            return Offer.None<TMechanism>($"domain {domid} does not exist (any more)");
        if (typeof(TMechanism) == typeof(IMaxMem))
            return Offer.Of((TMechanism)(object)new XenMaxMem(_domctl, domid));
        if (typeof(TMechanism) == typeof(IPaging))
        {
            return _pagers.WhyNot(record, OnDemand(record)) is { } reason
                ? Offer.None<TMechanism>(reason)
                : Offer.Of((TMechanism)(object)_pagers.Of(record));
        }
        return Offer.None<TMechanism>(Absent.WhyNot<TMechanism>(this));
    }

    /// <summary>Forgets domains that are gone, and removes what their pagers left behind; tells what it removed.</summary>
    /// <returns>How many domains there are.</returns>
    public int Sweep(Action<string> tell)
    {
        // A domain that is destroyed is in the list for as long as it dies, and nothing tells of its very end.
        var alive = _sysctl.ListDomains().Where(record => (record.Flags & DomainRecord.Dying) == 0)
            .Select(record => (record.Domid, record.Handle)).ToHashSet();
        _announcements.Keep(alive);
        _pagers.Sweep(alive, tell);
        return alive.Count;
    }

    /// <summary>Whether there is a pager to look after.</summary>
    public bool HasPagers => _pagers.Any;

    /// <summary>Looks after the pagers.</summary>
    /// <returns>Those that ended by themselves since the last look, with the reason.</returns>
    public ValueTask<IReadOnlyList<(int Domid, string Why)>> LookAtPagersAsync(CancellationToken cancellation) => _pagers.LookAsync(cancellation);

    public void Dispose() => _xen.Dispose();

    private async ValueTask<DomainInfo> InfoOfAsync(DomainRecord record, CancellationToken cancellation) =>
        DomainStates.InfoOf(record, await _announcements.AnnouncedAsync(record, cancellation), OnDemand(record));

    // A domain that went away in between has none, and the next call will say so.
    private long OnDemand(DomainRecord record) =>
        (record.Flags & DomainRecord.HvmGuest) == 0 ? 0 : Math.Max(0, Memory.PopulateOnDemandEntries(record.Domid));
}
