namespace Actors.Sdk.Testing;

/// <summary>A domain's store, watched: who wrote what, and what happens while the store is away.</summary>
internal sealed class WatchedStore(IDomainStore store, WatchedDomain domain) : IDomainStore
{
    /// <summary>Every key that the actor wrote or removed.</summary>
    public SortedSet<string> Touched { get; } = new(StringComparer.Ordinal);

    /// <summary>What calls wait for while the store is away: it comes back, or fails them.</summary>
    public Task Away { get; set; } = Task.CompletedTask;

    /// <summary>How many calls there were while it was away.</summary>
    public int CalledWhileAway { get; private set; }

    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellation = default) =>
        CallAsync($"read {path}", () => store.ReadAsync(path, cancellation), cancellation);

    public async ValueTask WriteAsync(string path, string value, CancellationToken cancellation = default)
    {
        Touched.Add(path);
        await CallAsync($"write {path} {value}", () => Done(store.WriteAsync(path, value, cancellation)), cancellation);
    }

    public async ValueTask RemoveAsync(string path, CancellationToken cancellation = default)
    {
        Touched.Add(path);
        await CallAsync($"remove {path}", () => Done(store.RemoveAsync(path, cancellation)), cancellation);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) =>
        CallAsync($"list {path}", () => store.ListAsync(path, cancellation), cancellation);

    private ValueTask<T> CallAsync<T>(string what, Func<ValueTask<T>> call, CancellationToken cancellation)
    {
        domain.Note(what);
        return domain.WaitAsync(ThroughAsync(call, cancellation));
    }

    private async ValueTask<T> ThroughAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellation)
    {
        if (!Away.IsCompletedSuccessfully)
        {
            CalledWhileAway++;
            await Away.WaitAsync(cancellation);
        }
        return await call();
    }

    private static async ValueTask<bool> Done(ValueTask call)
    {
        await call;
        return true;
    }
}
