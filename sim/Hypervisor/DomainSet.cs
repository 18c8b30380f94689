using System.Collections.Immutable;
using Actors.Sim.Domains;

namespace Actors.Sim.Hypervisor;

/// <summary>A domain, and the mechanisms that the hypervisor offers for it.</summary>
internal sealed record HostedDomain(SimulatedDomain Domain, IReadOnlyList<object> Mechanisms);

/// <summary>The domains of a host at a moment. It never changes, so any thread can read it.</summary>
internal sealed class DomainSet
{
    private readonly ImmutableSortedDictionary<int, HostedDomain> _byDomid;
    private readonly ImmutableDictionary<string, int> _newest;
    private SimulatedDomain[]? _all;

    private DomainSet(ImmutableSortedDictionary<int, HostedDomain> byDomid, ImmutableDictionary<string, int> newest) =>
        (_byDomid, _newest) = (byDomid, newest);

    public static DomainSet Empty { get; } = new(ImmutableSortedDictionary<int, HostedDomain>.Empty, ImmutableDictionary<string, int>.Empty);

    /// <summary>All domains, ordered by domid.</summary>
    public IReadOnlyList<SimulatedDomain> All => _all ??= [.. _byDomid.Values.Select(hosted => hosted.Domain)];

    public HostedDomain? Find(int domid) => _byDomid.GetValueOrDefault(domid);

    /// <summary>Finds the newest domain with a name. While a domain reboots, there may be two.</summary>
    public HostedDomain? Find(string name) => _newest.TryGetValue(name, out var domid) ? _byDomid[domid] : null;

    public DomainSet With(HostedDomain hosted)
    {
        var (domid, name) = (hosted.Domain.Domid, hosted.Domain.Spec.Name);
        return new(_byDomid.Add(domid, hosted), Find(name)?.Domain.Domid > domid ? _newest : _newest.SetItem(name, domid));
    }

    public DomainSet Without(SimulatedDomain domain)
    {
        var (left, name) = (_byDomid.Remove(domain.Domid), domain.Spec.Name);
        if (_newest[name] != domain.Domid)
            return new(left, _newest);
        var older = left.Values.LastOrDefault(hosted => hosted.Domain.Spec.Name == name);
        return new(left, older is null ? _newest.Remove(name) : _newest.SetItem(name, older.Domain.Domid));
    }
}
