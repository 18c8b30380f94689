namespace Actors.XenStore;

/// <summary>
/// One connection to a xenstore: a socket to a daemon, or the embedded store in process.
/// Safe for use by many callers at once; requests are carried out in the order in which they were made.
/// </summary>
public interface IXenStore : IXenStoreNodes, IAsyncDisposable
{
    /// <summary>The domid whose rights this connection has; 0 for dom0.</summary>
    int Domid { get; }

    /// <summary>
    /// Holds requests back until the result is disposed, so that those made in between leave in one send.
    /// Never await a reply while holding. Where there is nothing to send (the embedded store), it does nothing.
    /// </summary>
    RequestBatch Batch();

    /// <summary>Begins a transaction. Ending it is <see cref="IXenStoreTransaction.CommitAsync"/>; disposing it without that aborts.</summary>
    ValueTask<IXenStoreTransaction> BeginTransactionAsync(CancellationToken cancellation = default);

    /// <summary>Opens a queue that watches can be added to, with a slow reader hurting nobody but itself.</summary>
    IWatchQueue OpenWatchQueue();

    /// <summary>Tells the store that a domain exists, with its ring page's frame and event channel; <c>@introduceDomain</c> fires.</summary>
    ValueTask IntroduceAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellation = default);

    /// <summary>Tells the store that a domain is gone; <c>@releaseDomain</c> fires.</summary>
    ValueTask ReleaseAsync(int domid, CancellationToken cancellation = default);
}
