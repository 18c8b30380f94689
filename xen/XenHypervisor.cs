using System.Collections.Concurrent;
using Actors.Sdk;
using Actors.Xen.Calls;
using Actors.Xen.Domains;
using Actors.Xen.Hypercalls;
using Actors.Xen.Paging;
using Actors.XenStore;

namespace Actors.Xen;

/// <summary>The Xen hypervisor of this host. A hypercall takes microseconds, so it is made on the thread of the caller.</summary>
internal sealed class XenHypervisor : IHypervisor, IDisposable
{
    private readonly IXenCall _xen;
    private readonly Domctl _domctl;
    private readonly Sysctl _sysctl;
    private readonly GuestReadiness _readiness;
    private readonly XenPagers _pagers;
    private readonly ConcurrentDictionary<(int Domid, Guid Handle), bool> _populated = [];
    private Kib _reserve;

    /// <summary>Detects the versions of the hypervisor interface.</summary>
    /// <exception cref="HypervisorException">The hypervisor is too new or too old, or this is not dom0. The message says what to do.</exception>
    public XenHypervisor(IXenCall xen, IXenStore store, IPagingProgram pager, string pageFiles, TimeProvider time)
    {
        _xen = xen;
        Version = XenVersion.Read(xen);
        Versions = InterfaceVersions.Probe(xen, Version);
        (_domctl, _sysctl, Memory) = (new Domctl(xen, Versions.Domctl), new Sysctl(xen, Versions), new MemoryOps(xen));
        _readiness = new GuestReadiness(store, time);
        var services = new PagerServices(pager, new PageFileFolder(pageFiles), new PagerTargets(store, time), time)
        {
            GetDomain = _domctl.GetDomain,
            FreeMemory = FreeMemory,
            Detach = _domctl.DetachPager,
        };
        _pagers = new XenPagers(services, Memory.HasPaging);
    }

    public string Version { get; }

    public InterfaceVersions Versions { get; }

    public MemoryOps Memory { get; }

    public string Description => $"Xen {Version}";

    public PhysicalRecord Machine => _sysctl.ReadPhysicalInfo();

    public ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default)
    {
        var machine = _sysctl.ReadPhysicalInfo();
        return new(new HostMemory(
            new Pages(machine.TotalPages).ToKib(), new Pages(machine.FreePages).ToKib(), new Pages(machine.OutstandingPages).ToKib()));
    }

    public void KeepFree(Kib reserve) => _reserve = reserve;

    public async ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default)
    {
        var domains = new List<DomainInfo>();
        foreach (var record in _sysctl.ListDomains())
            domains.Add(await InfoOfAsync(record, cancellation));
        return domains;
    }

    public async ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) =>
        _domctl.GetDomain(domid) is { } record ? await InfoOfAsync(record, cancellation) : null;

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class
    {
        if (_domctl.GetDomain(domid) is not { } record)
            return Offer.None<TMechanism>($"domain {domid} does not exist (any more)");
        if (typeof(TMechanism) == typeof(IMaxMem))
            return Offer.Of((TMechanism)(object)new XenMaxMem(_domctl, domid));
        if (typeof(TMechanism) == typeof(IPaging))
        {
            return _pagers.WhyNot(record, OnDemand(record)) is { } reason
                ? Offer.None<TMechanism>(reason)
                : Offer.Of((TMechanism)(object)_pagers.Of(record));
        }
        return Offer.None<TMechanism>(UnavailableMechanism.WhyNot<TMechanism>(this));
    }

    /// <summary>Forgets domains that no longer exist, removes the files that their pagers left behind, and logs that.</summary>
    /// <returns>The number of domains.</returns>
    public int RemoveStale(Action<string> log)
    {
        // A domain that is being destroyed stays in the list until it is gone, and nothing reports that moment.
        var alive = _sysctl.ListDomains().Where(record => (record.Flags & DomainRecord.Dying) == 0)
            .Select(record => (record.Domid, record.Handle)).ToHashSet();
        _readiness.Keep(alive);
        foreach (var domain in _populated.Keys.Where(domain => !alive.Contains(domain)))
            _populated.TryRemove(domain, out _);
        _pagers.RemoveStale(alive, log);
        return alive.Count;
    }

    /// <summary>Whether there is any pager.</summary>
    public bool HasPagers => _pagers.Any;

    /// <summary>Checks the pagers.</summary>
    /// <returns>The pagers that ended unexpectedly since the last check, with the reason.</returns>
    public ValueTask<IReadOnlyList<(int Domid, string Why)>> CheckPagersAsync(CancellationToken cancellation) => _pagers.CheckAsync(cancellation);

    public void Dispose() => _xen.Dispose();

    private async ValueTask<DomainInfo> InfoOfAsync(DomainRecord record, CancellationToken cancellation) =>
        DomainStates.InfoOf(record, await _readiness.IsReadyAsync(record, cancellation), OnDemand(record));

    private Kib FreeMemory()
    {
        var machine = _sysctl.ReadPhysicalInfo();
        return Kib.Max(Kib.Zero, new Pages(machine.FreePages - machine.OutstandingPages).ToKib() - _reserve);
    }

    // A domain that was destroyed in between has none; the next call reports that.
    private long OnDemand(DomainRecord record)
    {
        // Once a guest runs, its entries only become fewer. So a domain without any is not asked again: a list must not cost a hypercall per domain.
        if ((record.Flags & DomainRecord.HvmGuest) == 0 || _populated.ContainsKey((record.Domid, record.Handle)))
            return 0;
        var entries = Memory.PopulateOnDemandEntries(record.Domid);
        if (entries == 0 && record.CpuTime > 0)
            _populated[(record.Domid, record.Handle)] = true;
        return Math.Max(0, entries);
    }
}
