namespace Actors.XenStore;

/// <summary>A hold on requests, which ends when it is disposed. See <see cref="IXenStore.Batch"/>.</summary>
public readonly struct RequestBatch : IDisposable, IEquatable<RequestBatch>
{
    private readonly IBatching? _owner;

    internal RequestBatch(IBatching owner) => _owner = owner;

    /// <summary>Sends the held requests.</summary>
    public void Dispose() => _owner?.EndBatch();

    /// <inheritdoc/>
    public bool Equals(RequestBatch other) => ReferenceEquals(_owner, other._owner);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RequestBatch other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _owner?.GetHashCode() ?? 0;

    /// <summary>Returns whether both are holds on the same connection.</summary>
    public static bool operator ==(RequestBatch left, RequestBatch right) => left.Equals(right);

    /// <summary>Returns whether they are holds on different connections.</summary>
    public static bool operator !=(RequestBatch left, RequestBatch right) => !left.Equals(right);
}

internal interface IBatching
{
    void EndBatch();
}
