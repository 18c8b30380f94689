using System.Text;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Domains;

/// <summary>
/// One domain's subtree and no more. A reply may be brought by the store connection's own thread; an actor that computes
/// for ever after an await must not hold that thread, so every call yields before it returns.
/// </summary>
internal sealed class ScopedStore(IXenStore store, int domid) : IDomainStore
{
    private readonly string _root = $"/local/domain/{domid}/";

    public async ValueTask<string?> ReadAsync(string path, CancellationToken cancellation)
    {
        var value = await store.TryReadAsync(Inside(path), cancellation);
        await Task.Yield();
        return value is null ? null : Encoding.UTF8.GetString(value);
    }

    public async ValueTask WriteAsync(string path, string value, CancellationToken cancellation)
    {
        await store.WriteTextAsync(Inside(path), value, cancellation);
        await Task.Yield();
    }

    public async ValueTask RemoveAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await store.RemoveAsync(Inside(path), cancellation);
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
            // Gone already, which is what was asked for.
        }
        await Task.Yield();
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await store.ListAsync(Inside(path), cancellation);
        }
        catch (XenStoreException error) when (error.Error == XenStoreError.NotFound)
        {
            return [];
        }
        finally
        {
            await Task.Yield();
        }
    }

    private string Inside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] is '/' or '@' || path.Contains("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' leads out of the domain's subtree; give a path relative to {_root}", nameof(path));
        return _root + path;
    }
}
