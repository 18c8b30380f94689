namespace Actors.XenStore;

/// <summary>A transaction: all of its changes are made at once by <see cref="CommitAsync"/>, or none.</summary>
public interface IXenStoreTransaction : IXenStoreNodes, IAsyncDisposable
{
    /// <summary>
    /// Makes the changes. <see langword="false"/> when something that was read or written here has changed outside
    /// in the meantime (<c>EAGAIN</c>): nothing was made, begin again.
    /// </summary>
    ValueTask<bool> CommitAsync(CancellationToken cancellation = default);
}
