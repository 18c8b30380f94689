using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>Changes to a watch queue that do not depend on whether the watch is there.</summary>
internal static class WatchExtensions
{
    public static async ValueTask AddIfMissingAsync(this IWatchQueue queue, string path, string token, CancellationToken cancellation)
    {
        try
        {
            await queue.AddAsync(path, token, cancellation);
        }
        catch (XenStoreException known) when (known.Error == XenStoreError.Exists)
        {
            // It is there.
        }
    }

    /// <exception cref="XenStoreException">The store rejected a watch. The others were added.</exception>
    public static async ValueTask AddMissingAsync(this IWatchQueue queue, IEnumerable<(string Path, string Token)> watches, CancellationToken cancellation)
    {
        XenStoreException? rejection = null;
        foreach (var (path, token) in watches)
        {
            try
            {
                await queue.AddIfMissingAsync(path, token, cancellation);
            }
            catch (XenStoreException rejected)
            {
                rejection = rejected;
            }
        }
        if (rejection is not null)
            throw rejection;
    }

    public static async ValueTask RemoveIfPresentAsync(this IWatchQueue queue, string path, string token, CancellationToken cancellation = default)
    {
        try
        {
            await queue.RemoveAsync(path, token, cancellation);
        }
        catch (XenStoreException absent) when (absent.Error == XenStoreError.NotFound)
        {
            // The store rejected it after a reconnection.
        }
    }
}
