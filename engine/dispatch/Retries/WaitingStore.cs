using Actors.Dispatch.Domains;
using Actors.XenStore;

namespace Actors.Dispatch.Retries;

/// <summary>
/// Keeps what a domain waits for in the key <c>waiting</c>, which only dom0 may read, because it has amounts of the host. The key exists
/// only while the domain waits.
/// </summary>
internal static class WaitingStore
{
    private static readonly NodePermissions Dom0Only = new(new NodePermission(0, NodeAccess.None));

    public static async ValueTask<Waiting?> TryReadAsync(IXenStore store, int domid, CancellationToken cancellation) =>
        WaitingText.Parse(await store.TryReadTextAsync(PolicyKeys.Of(domid, PolicyKeys.Waiting), cancellation));

    /// <summary>Writes or removes the key, or does nothing if that makes no difference.</summary>
    public static async ValueTask WriteAsync(IXenStore store, int domid, Waiting? waiting, Waiting? last, CancellationToken cancellation)
    {
        if (waiting == last)
            return;
        var path = PolicyKeys.Of(domid, PolicyKeys.Waiting);
        if (waiting is null)
        {
            await store.RemoveIfPresentAsync(path, cancellation);
            return;
        }
        var writes = new List<Task>();
        using (store.Batch())
        {
            // A new key would inherit the permissions of the folder, which the guest may read.
            if (last is null)
            {
                writes.Add(store.WriteTextAsync(path, "", cancellation).AsTask());
                writes.Add(store.SetPermissionsAsync(path, Dom0Only, cancellation).AsTask());
            }
            writes.Add(store.WriteTextAsync(path, WaitingText.Of(waiting), cancellation).AsTask());
        }
        await Task.WhenAll(writes);
    }
}
