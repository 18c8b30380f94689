namespace Actors.XenStore;

/// <summary>
/// A queue of watch events. Events with the same path and token are queued once, however often they fire, so a slow reader
/// cannot make the queue grow without bound. Do not count events: read the node again after each one.
/// </summary>
public interface IWatchQueue : IAsyncDisposable
{
    /// <summary>
    /// Watches a node and everything below it. A new watch fires once immediately, even if the node does not exist. After a
    /// reconnection every watch fires once more, with its own path. <c>@introduceDomain</c> and <c>@releaseDomain</c> are special paths.
    /// </summary>
    /// <param name="path">The node, absolute or relative. Events report their paths in the same form.</param>
    /// <param name="token">A text that every event of this watch carries. The pair of path and token must be unique in this queue.</param>
    /// <param name="cancellation">Cancels the wait for the reply.</param>
    ValueTask AddAsync(string path, string token, CancellationToken cancellation = default);

    /// <summary>Removes a watch. Its events that are still queued are dropped.</summary>
    ValueTask RemoveAsync(string path, string token, CancellationToken cancellation = default);

    /// <summary>Waits for the next event and returns it. A queue has one reader at a time.</summary>
    /// <exception cref="ObjectDisposedException">The queue or its store was disposed.</exception>
    /// <exception cref="XenStoreException">
    /// After a reconnection the daemon rejected a watch, which <see cref="XenStoreException.Request"/> names. The watch is removed. The
    /// other watches are not affected, and the next call waits for their events.
    /// </exception>
    ValueTask<WatchEvent> NextAsync(CancellationToken cancellation = default);
}

/// <summary>An event of a watch: something at or below the watched path may have changed.</summary>
/// <param name="Path">The node that changed. It is the watched path itself for the first event, and when an ancestor was removed.</param>
/// <param name="Token">The token of the watch.</param>
public readonly record struct WatchEvent(string Path, string Token);
