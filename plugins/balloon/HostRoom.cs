using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Divides the host's free memory among the guests that grow at the same time, so that together they do not touch its reserve: memory that
/// was granted to one guest, and that it has not taken yet, is not granted to another.
/// </summary>
internal sealed class HostRoom
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Kib> _granted = [];

    /// <summary>Grants as much of a growth as the host has room for.</summary>
    /// <param name="domain">The domain that grows.</param>
    /// <param name="info">What the hypervisor reports about it.</param>
    /// <param name="wanted">The footprint that it should reach.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>
    /// The footprint that it may reach, and the memory of the host, if that is known. What other guests may still take counts as claimed.
    /// </returns>
    public async ValueTask<(Kib Footprint, HostMemory? Host)> GrantAsync(IDomain domain, DomainInfo info, Kib wanted, CancellationToken cancellation)
    {
        Dictionary<int, Kib> before;
        lock (_gate)
            before = new(_granted);
        var host = await domain.InspectHostAsync(cancellation);
        lock (_gate)
        {
            host = host is null ? null : host with { Claimed = host.Claimed + Others(before, info.Domid) };
            var footprint = host is null ? wanted : Kib.Min(wanted, info.Populated + host.Available.ToPages().ToKib());
            _granted[info.Domid] = Kib.Max(Kib.Zero, footprint - info.Populated);
            return (footprint, host);
        }
    }

    /// <summary>The domain has taken a part of what was granted to it.</summary>
    public void Take(DomainInfo info, Kib footprint)
    {
        lock (_gate)
        {
            if (_granted.TryGetValue(info.Domid, out var granted))
                _granted[info.Domid] = Kib.Max(Kib.Zero, Kib.Min(granted, footprint - info.Populated));
        }
    }

    /// <summary>The domain takes no more.</summary>
    public void End(int domid)
    {
        lock (_gate)
            _granted.Remove(domid);
    }

    // The host was inspected between the two moments, so of each domain the larger grant counts.
    private Kib Others(Dictionary<int, Kib> before, int domid) => before.Keys.Union(_granted.Keys).Where(other => other != domid)
        .Aggregate(Kib.Zero, (sum, other) => sum + Kib.Max(before.GetValueOrDefault(other), _granted.GetValueOrDefault(other)));
}
