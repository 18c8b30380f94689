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
    public XenHypervisor(IXenCall xen, IXenStore store, XenPagers pagers)
    {
        _xen = xen;
        Version = XenVersion.Ask(xen);
        Versions = InterfaceVersions.Probe(xen, Version);
        (_domctl, _sysctl) = (new Domctl(xen, Versions.Domctl), new Sysctl(xen, Versions));
        (_announcements, _pagers) = (new Announcements(store), pagers);
    }

    public string Version { get; }

    public InterfaceVersions Versions { get; }

    public string Description => $"Xen {Version}";

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
            domains.Add(DomainStates.InfoOf(record, await _announcements.AnnouncedAsync(record, cancellation)));
        return domains;
    }

    public async ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) =>
        _domctl.Ask(domid) is { } record
            ? DomainStates.InfoOf(record, await _announcements.AnnouncedAsync(record, cancellation))
            : null;

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class
    {
        if (_domctl.Ask(domid) is not { } record)
            return Offer.None<TMechanism>($"domain {domid} does not exist (any more)");
        if (typeof(TMechanism) == typeof(IMaxMem))
            return Offer.Of((TMechanism)(object)new XenMaxMem(_domctl, domid));
        if (typeof(TMechanism) == typeof(IPaging))
            return _pagers.WhyNot(record) is { } reason ? Offer.None<TMechanism>(reason) : Offer.Of((TMechanism)(object)_pagers.Of(domid));
        return Offer.None<TMechanism>($"{Description} offers no {typeof(TMechanism).Name[1..].ToLowerInvariant()} to this program");
    }

    public void Dispose() => _xen.Dispose();
}
