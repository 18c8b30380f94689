using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>
/// Divides the host's free memory among the domains that grow at the same time, whichever actors let them grow, so that together they do not
/// touch the reserve: it never grants memory to a domain that another one was granted and has not taken yet.
/// </summary>
internal sealed class HostRoom
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Kib> _granted = [];

    /// <summary>Grants as much of an amount as the host has memory for.</summary>
    /// <param name="domid">The domain that grows.</param>
    /// <param name="amount">The memory that it will take from now on.</param>
    /// <param name="inspect">Reads the host's memory, including its reserve.</param>
    public async ValueTask<HostGrant> GrantAsync(int domid, Kib amount, Func<ValueTask<HostMemory>> inspect)
    {
        Dictionary<int, Kib> before;
        lock (_gate)
            before = new(_granted);
        var host = await inspect();
        lock (_gate)
        {
            host = host with { Claimed = host.Claimed + Others(before, domid) };
            var granted = Kib.Max(Kib.Zero, Kib.Min(amount, host.Available.ToPages().ToKib()));
            _granted[domid] = granted;
            return new HostGrant(granted, host);
        }
    }

    /// <summary>Records that the domain takes no more.</summary>
    public void End(int domid)
    {
        lock (_gate)
            _granted.Remove(domid);
    }

    // The host was inspected between the two moments, so of each domain the larger grant counts.
    private Kib Others(Dictionary<int, Kib> before, int domid) => before.Keys.Union(_granted.Keys).Where(other => other != domid)
        .Aggregate(Kib.Zero, (sum, other) => sum + Kib.Max(before.GetValueOrDefault(other), _granted.GetValueOrDefault(other)));
}
