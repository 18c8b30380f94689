using System.Runtime.CompilerServices;

namespace Actors.XenStore;

/// <summary>Reads the events of a watch queue.</summary>
public static class WatchQueueExtensions
{
    /// <summary>Returns the events of a queue as they arrive. The sequence ends when the queue or its store is disposed.</summary>
    /// <param name="queue">The queue. It has one reader at a time.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="XenStoreException">After a reconnection the daemon rejected a watch. See <see cref="IWatchQueue.NextAsync"/>.</exception>
    public static async IAsyncEnumerable<WatchEvent> ReadAllAsync(
        this IWatchQueue queue, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        while (true)
        {
            WatchEvent next;
            try
            {
                next = await queue.NextAsync(cancellation).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                yield break;
            }
            yield return next;
        }
    }
}
