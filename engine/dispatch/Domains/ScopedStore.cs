using System.Text;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// One domain's subtree and no more. A reply may be brought by the store connection's own thread; code that computes for ever
/// after an await must not hold that thread, so a call that would return on it yields first.
/// </summary>
internal sealed class ScopedStore(IXenStore store, TimeProvider time, int domid) : IDomainStore
{
    private readonly string _root = $"/local/domain/{domid}/";

    public async ValueTask<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        var value = await StoreRetry.AskAsync(() => store.TryReadAsync(inside, cancellation), time, cancellation);
        await OffTheConnectionAsync();
        return value is null ? null : Encoding.UTF8.GetString(value);
    }

    public async ValueTask WriteAsync(string path, string value, CancellationToken cancellation)
    {
        var inside = Writable(path);
        await StoreRetry.AskAsync(() => store.WriteTextAsync(inside, value, cancellation), time, cancellation);
        await OffTheConnectionAsync();
    }

    public async ValueTask RemoveAsync(string path, CancellationToken cancellation)
    {
        var inside = Writable(path);
        try
        {
            await StoreRetry.AskAsync(() => store.RemoveAsync(inside, cancellation), time, cancellation);
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
            // Gone already, which is what was asked for.
        }
        await OffTheConnectionAsync();
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        IReadOnlyList<string> names = [];
        try
        {
            names = await StoreRetry.AskAsync(() => store.ListAsync(inside, cancellation), time, cancellation);
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
            // Nothing there: no names.
        }
        await OffTheConnectionAsync();
        return names;
    }

    // Where a caller has a context of its own, what follows its await goes there by itself.
    private static async ValueTask OffTheConnectionAsync()
    {
        if (SynchronizationContext.Current is null)
            await Task.Yield();
    }

    private string Writable(string path)
    {
        var inside = Inside(path);
        if (PolicyKeys.IsHosts(path))
            throw new ArgumentException($"'{path}' belongs to the toolstack and the host: an actor reads it, and keeps its own in {PolicyKeys.Folder}/NAME", nameof(path));
        return inside;
    }

    private string Inside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] is '/' or '@' || path.Contains("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' leads out of the domain's subtree; give a path relative to {_root}", nameof(path));
        return _root + path;
    }
}
