using System.Globalization;
using System.Runtime.CompilerServices;

namespace Actors.XenStore;

/// <summary>A domain appeared or disappeared.</summary>
/// <param name="Domid">The domain.</param>
/// <param name="Exists">Whether the domain is introduced now. Otherwise it was released.</param>
public readonly record struct DomainChange(int Domid, bool Exists);

/// <summary>
/// Finds out which domain appeared or disappeared. <c>@introduceDomain</c> and <c>@releaseDomain</c> do not say that, so this compares
/// the introduced domains below <c>/local/domain</c> before and after each event.
/// </summary>
public static class DomainChanges
{
    private const string Domains = "/local/domain";

    /// <summary>
    /// Returns the domains that exist, ordered by domid, and after that every change. dom0 is one of them if it has a home. A shutdown
    /// is not a change, because the domain still exists. After a reconnection the comparison continues with the state before it.
    /// </summary>
    /// <param name="store">A connection of dom0.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public static async IAsyncEnumerable<DomainChange> WatchDomainsAsync(
        this IXenStore store, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var queue = store.OpenWatchQueue();
        await using (queue.ConfigureAwait(false))
        {
            await queue.AddAsync("@introduceDomain", "introduce", cancellation).ConfigureAwait(false);
            await queue.AddAsync("@releaseDomain", "release", cancellation).ConfigureAwait(false);
            var known = new SortedSet<int>();
            await foreach (var _ in queue.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                var current = await ListAsync(store, cancellation).ConfigureAwait(false);
                foreach (var domid in known.Except(current).ToArray())
                    yield return new DomainChange(domid, Exists: false);
                foreach (var domid in current.Except(known).ToArray())
                    yield return new DomainChange(domid, Exists: true);
                known = current;
            }
        }
    }

    private static async Task<SortedSet<int>> ListAsync(IXenStore store, CancellationToken cancellation)
    {
        var domains = new SortedSet<int>();
        foreach (var name in await ListNamesAsync(store, cancellation).ConfigureAwait(false))
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var domid)
                && Protocol.Domids.IsValid(domid)
                && await store.IsDomainIntroducedAsync(domid, cancellation).ConfigureAwait(false))
                domains.Add(domid);
        return domains;
    }

    private static async Task<IReadOnlyList<string>> ListNamesAsync(IXenStore store, CancellationToken cancellation)
    {
        try
        {
            return await store.ListAsync(Domains, cancellation).ConfigureAwait(false);
        }
        catch (XenStoreException absent) when (absent.Error == XenStoreError.NotFound)
        {
            return [];
        }
    }
}
