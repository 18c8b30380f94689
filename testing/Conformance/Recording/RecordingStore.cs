using System.Globalization;
using System.Runtime.CompilerServices;

namespace Actors.Sdk.Testing;

/// <summary>A store that records the calls of an actor, and that can be made unavailable.</summary>
internal sealed class RecordingStore(IDomainStore store, RecordingDomain domain) : IDomainStore
{
    /// <summary>Every key that the actor wrote or removed.</summary>
    public SortedSet<string> WrittenKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls wait for this task: the store is unavailable until it completes, and calls fail if it fails.</summary>
    public Task Unavailable { get; set; } = Task.CompletedTask;

    /// <summary>The number of calls while the store was unavailable.</summary>
    public int CallsWhileUnavailable { get; private set; }

    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellation = default) =>
        CallAsync($"read {path}", () => store.ReadAsync(path, cancellation), cancellation);

    public async ValueTask WriteAsync(string path, string value, CancellationToken cancellation = default)
    {
        WrittenKeys.Add(path);
        if (path == DomainKeys.BalloonTarget && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var target))
            domain.RecordBalloonStep(BalloonStepKind.Target, new Kib(target));
        await CallAsync($"write {path} {value}", () => Done(store.WriteAsync(path, value, cancellation)), cancellation);
    }

    public async ValueTask RemoveAsync(string path, CancellationToken cancellation = default)
    {
        WrittenKeys.Add(path);
        await CallAsync($"remove {path}", () => Done(store.RemoveAsync(path, cancellation)), cancellation);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) =>
        CallAsync($"list {path}", () => store.ListAsync(path, cancellation), cancellation);

    public async IAsyncEnumerable<string?> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var values = store.WatchAsync(path, cancellation).GetAsyncEnumerator(cancellation);
        while (await CallAsync($"watch {path}", () => values.MoveNextAsync(), cancellation))
            yield return values.Current;
    }

    private ValueTask<T> CallAsync<T>(string what, Func<ValueTask<T>> call, CancellationToken cancellation)
    {
        domain.Record(what);
        return domain.WaitAsync(ThroughAsync(call, cancellation));
    }

    private async ValueTask<T> ThroughAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellation)
    {
        if (!Unavailable.IsCompletedSuccessfully)
        {
            CallsWhileUnavailable++;
            await Unavailable.WaitAsync(cancellation);
        }
        return await call();
    }

    private static async ValueTask<bool> Done(ValueTask call)
    {
        await call;
        return true;
    }
}
