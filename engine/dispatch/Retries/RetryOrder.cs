using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>Hands out what is available to the domains that wait, the one that has waited longest first. Pure.</summary>
internal static class RetryOrder
{
    /// <summary>Chooses the domains that are given their targets again.</summary>
    /// <param name="domains">The domains that wait.</param>
    /// <param name="available">The free memory of the host that no other domain is about to take.</param>
    /// <param name="growing">Whether a domain is growing. What remains is then not handed out in parts, because that domain may need it first.</param>
    /// <param name="time">The time now.</param>
    public static IReadOnlyList<(int Domid, Retry Retry)> Choose(IEnumerable<WaitingDomain> domains, Kib available, bool growing, DateTimeOffset time)
    {
        var chosen = new List<(int, Retry)>();
        var left = Kib.Max(Kib.Zero, available);
        foreach (var domain in domains.OrderBy(domain => domain.Waiting.Since).ThenBy(domain => domain.Domid))
        {
            var needed = domain.Waiting.HostMemoryFor(domain.Now.Info.Footprint);
            if (RetryRules.Decide(domain.Waiting, domain.Before, domain.Now, left, time) is not { } retry)
                continue;
            if (growing && needed > left)
            {
                // It is next, so no domain behind it gets any memory either.
                left = Kib.Zero;
                continue;
            }
            chosen.Add((domain.Domid, retry));
            left -= Kib.Min(left, needed);
            growing |= needed > Kib.Zero;
        }
        return chosen;
    }
}
