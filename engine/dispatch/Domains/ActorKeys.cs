using System.Collections.Concurrent;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// The values that actors have written below one domain, except <c>memory/target</c>. They are kept so that they can be written again when
/// xenstore has lost its contents: without its records, an actor could not release the domain.
/// </summary>
internal sealed class ActorKeys(IXenStore store)
{
    private readonly ConcurrentDictionary<string, string> _values = [];

    public void Written(string path, string value) => _values[path] = value;

    public void Removed(string path) => _values.TryRemove(path, out _);

    /// <summary>Reads what the actors of an earlier daemon have written.</summary>
    /// <param name="domid">The domain.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async ValueTask LoadAsync(int domid, CancellationToken cancellation)
    {
        await LoadAsync($"{PolicyKeys.Domain(domid)}/{Sdk.DomainKeys.PagingTarget}", below: false, cancellation);
        foreach (var name in await store.ListIfPresentAsync(PolicyKeys.Of(domid), cancellation))
        {
            if (!PolicyKeys.IsReserved($"{PolicyKeys.Folder}/{name}"))
                await LoadAsync(PolicyKeys.Of(domid, name), below: true, cancellation);
        }
    }

    /// <summary>Writes the values again, where there is none.</summary>
    public async ValueTask RestoreAsync(CancellationToken cancellation)
    {
        foreach (var (path, value) in _values)
        {
            if (await store.TryReadAsync(path, cancellation) is null)
                await store.WriteTextAsync(path, value, cancellation);
        }
    }

    private async ValueTask LoadAsync(string path, bool below, CancellationToken cancellation)
    {
        if (await store.TryReadTextAsync(path, cancellation) is { } value)
            _values.TryAdd(path, value);
        foreach (var name in below ? await store.ListIfPresentAsync(path, cancellation) : [])
            await LoadAsync($"{path}/{name}", below, cancellation);
    }
}
