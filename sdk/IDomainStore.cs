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

    /// <summary>Lists the names of the keys directly below a key. The list is empty if the key is absent.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default);
}
