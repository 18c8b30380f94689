using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>Hands out what is available to the domains that wait, the one that has waited longest first. Pure.</summary>
internal static class RetryOrder
{
    /// <summary>Chooses the domains that are given their targets again.</summary>
    /// <param name="domains">The domains that wait.</param>
    /// <param name="available">The free memory of the host that nobody else is about to take.</param>
    /// <param name="time">The time now.</param>
    public static IReadOnlyList<(int Domid, Retry Retry)> Choose(IEnumerable<WaitingDomain> domains, Kib available, DateTimeOffset time)
    {
        var chosen = new List<(int, Retry)>();
        var left = Kib.Max(Kib.Zero, available);
        foreach (var domain in domains.OrderBy(domain => domain.Waiting.Since).ThenBy(domain => domain.Domid))
        {
            if (RetryRules.Decide(domain.Waiting, domain.Before, domain.Now, left, time) is not { } retry)
                continue;
            chosen.Add((domain.Domid, retry));
            left -= Kib.Min(left, domain.Waiting.HostMemoryFor(domain.Now.Info.Footprint));
        }
        return chosen;
    }
}
