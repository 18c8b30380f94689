using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>Lists keys that may be absent.</summary>
internal static class StoreListing
{
    /// <summary>The names below a key; none if it is absent.</summary>
    public static async ValueTask<IReadOnlyList<string>> ListIfPresentAsync(this IXenStoreNodes store, string path, CancellationToken cancellation)
    {
        try
        {
            return await store.ListAsync(path, cancellation);
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
            return [];
        }
    }
}
