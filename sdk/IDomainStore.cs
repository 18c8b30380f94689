namespace Actors.Sdk;

/// <summary>
/// A domain's own subtree of xenstore, <c>/local/domain/X</c>. Paths are relative to it (<c>memory/target</c>). A path that leads out of
/// the subtree is rejected with <see cref="ArgumentException"/>.
/// </summary>
public interface IDomainStore
{
    /// <summary>Reads the value of a key. The result is <see langword="null"/> if the key is absent. Never trust what a guest can write.</summary>
    ValueTask<string?> ReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>Writes a key, and creates it if it is absent.</summary>
    ValueTask WriteAsync(string path, string value, CancellationToken cancellation = default);

    /// <summary>Removes a key and everything below it. Does nothing if the key is absent.</summary>
    ValueTask RemoveAsync(string path, CancellationToken cancellation = default);

    /// <summary>
    /// Follows the value of a key: returns the value now, and then the new one each time it has changed; <see langword="null"/> while the key
    /// is absent. If it changes faster than you read, values in between are skipped, but never the newest. The sequence has no end:
    /// cancel it, or leave the loop. A call can watch 32 keys at once; one more is an <see cref="InvalidOperationException"/>. Since contract 1.1.
    /// </summary>
    /// <param name="path">The key.</param>
    /// <param name="cancellation">Ends the watch with <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<string?> WatchAsync(string path, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"{GetType().Name} is built for contract 1.0, in which keys could not be watched");

    /// <summary>Lists the names of the keys directly below a key. The list is empty if the key is absent.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default);
}
