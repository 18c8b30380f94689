using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>Removes keys that may be absent.</summary>
internal static class StoreRemoval
{
    public static async ValueTask RemoveIfPresentAsync(this IXenStoreNodes store, string path, CancellationToken cancellation)
    {
        try
        {
            await store.RemoveAsync(path, cancellation);
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
            // It is gone already, which is the requested result.
        }
    }
}
