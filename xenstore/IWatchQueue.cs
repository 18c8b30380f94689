namespace Actors.XenStore;

/// <summary>
/// A queue of watch events. Equal path and token are queued once, however often they fire, so the queue is bounded by what
/// is watched and never by how slowly it is read: never count events, read the node again after each.
/// </summary>
public interface IWatchQueue : IAsyncDisposable
{
    /// <summary>
    /// Watches a node and everything below it. Fires once at once, even if the node is absent; after a reconnection every
    /// watch fires once again, with its own path. <c>@introduceDomain</c> and <c>@releaseDomain</c> are special paths.
    /// </summary>
    /// <param name="path">The node, absolute or relative; events come in the same form.</param>
    /// <param name="token">Handed back with each event; unique in this queue together with the path.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    ValueTask AddAsync(string path, string token, CancellationToken cancellation = default);

    /// <summary>Stops watching. Events of this watch that are queued already are dropped.</summary>
    ValueTask RemoveAsync(string path, string token, CancellationToken cancellation = default);

    /// <summary>The next event, when there is one. One reader at a time.</summary>
    /// <exception cref="ObjectDisposedException">The queue was disposed, or its store was.</exception>
    ValueTask<WatchEvent> NextAsync(CancellationToken cancellation = default);
}

/// <summary>Something at or below a watched path may have changed.</summary>
/// <param name="Path">The node that changed; the watched path itself for the first event, and when an ancestor was removed.</param>
/// <param name="Token">The watch's token.</param>
public readonly record struct WatchEvent(string Path, string Token);
