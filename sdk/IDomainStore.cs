namespace Actors.Sdk;

/// <summary>
/// A domain's own subtree of xenstore, <c>/local/domain/X</c>. Paths are relative to it (<c>memory/target</c>); one that would
/// lead out of it is refused with <see cref="ArgumentException"/>.
/// </summary>
public interface IDomainStore
{
    /// <summary>The value of a key, or <see langword="null"/> when it is absent. Never trust what a guest can write.</summary>
    ValueTask<string?> ReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>Writes a key, and makes it where it is absent.</summary>
    ValueTask WriteAsync(string path, string value, CancellationToken cancellation = default);

    /// <summary>Removes a key and what is below it; nothing when it is absent.</summary>
    ValueTask RemoveAsync(string path, CancellationToken cancellation = default);

    /// <summary>The names below a key; empty when it is absent.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default);
}
