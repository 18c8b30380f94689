using System.Collections.Concurrent;
using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Retries;

/// <summary>Watches the key in which a guest publishes its balloon driver, for those domains that wait for one.</summary>
/// <param name="watches">Receives the events. Their token is the domid.</param>
internal sealed class DriverWatch(IWatchQueue watches)
{
    // The watched domains. The value is true until the first event of the watch, which fires when it is added.
    private readonly ConcurrentDictionary<int, bool> _watched = [];

    /// <summary>Watches these domains and no others. This makes no request if they are the same as before.</summary>
    public async ValueTask FollowAsync(IReadOnlyCollection<int> domids, CancellationToken cancellation)
    {
        foreach (var domid in _watched.Keys.Except(domids).ToList())
        {
            await watches.RemoveIfPresentAsync(PathOf(domid), Token(domid), cancellation);
            _watched.TryRemove(domid, out _);
        }
        foreach (var domid in domids)
        {
            if (!_watched.TryAdd(domid, true))
                continue;
            try
            {
                await watches.AddAsync(PathOf(domid), Token(domid), cancellation);
            }
            catch
            {
                _watched.TryRemove(domid, out _);
                throw;
            }
        }
    }

    /// <summary>Adds every watch that the store has rejected after a reconnection.</summary>
    /// <exception cref="XenStoreException">The store still rejects a watch; the others were added.</exception>
    public ValueTask RenewAsync(CancellationToken cancellation) =>
        watches.AddMissingAsync(_watched.Keys.Select(domid => (PathOf(domid), Token(domid))), cancellation);

    /// <summary>Whether an event of the key is a change, and not only the first event of its watch.</summary>
    public bool IsChange(int domid) => !_watched.TryUpdate(domid, false, true);

    private static string PathOf(int domid) => $"{PolicyKeys.Domain(domid)}/{DomainKeys.FeatureBalloon}";

    private static string Token(int domid) => domid.ToString(CultureInfo.InvariantCulture);
}
