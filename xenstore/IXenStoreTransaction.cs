namespace Actors.XenStore;

/// <summary>A transaction: <see cref="CommitAsync"/> makes either all of its changes or none.</summary>
public interface IXenStoreTransaction : IXenStoreNodes, IAsyncDisposable
{
    /// <summary>
    /// Makes the changes. Returns <see langword="false"/> if a node that this transaction read or wrote was changed outside
    /// in the meantime (<c>EAGAIN</c>). Then nothing was changed; begin a new transaction.
    /// </summary>
    ValueTask<bool> CommitAsync(CancellationToken cancellation = default);
}
