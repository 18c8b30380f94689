namespace Actors.XenStore;

/// <summary>
/// One connection to a xenstore: a socket to a daemon, or the embedded store in this process.
/// Many callers can use it at the same time. The store executes requests in the order in which they were made.
/// </summary>
public interface IXenStore : IXenStoreNodes, IAsyncDisposable
{
    /// <summary>The domid whose rights this connection has. It is 0 for dom0.</summary>
    int Domid { get; }

    /// <summary>
    /// Holds requests back until the result is disposed, so that all requests made in between are sent together.
    /// Do not await a reply during that time. The embedded store sends nothing, so there the method has no effect.
    /// </summary>
    RequestBatch Batch();

    /// <summary>Begins a transaction. <see cref="IXenStoreTransaction.CommitAsync"/> ends it; disposing it without a commit aborts it.</summary>
    ValueTask<IXenStoreTransaction> BeginTransactionAsync(CancellationToken cancellation = default);

    /// <summary>Opens an empty watch queue. A slow reader of one queue does not delay the readers of other queues.</summary>
    IWatchQueue OpenWatchQueue();

    /// <summary>Introduces a domain to the store, with the frame of its ring page and its event channel. <c>@introduceDomain</c> fires.</summary>
    ValueTask IntroduceAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellation = default);

    /// <summary>Informs the store that a domain no longer exists. <c>@releaseDomain</c> fires.</summary>
    ValueTask ReleaseAsync(int domid, CancellationToken cancellation = default);

    /// <summary>Informs the store that a domain that was shut down runs again, so that its next shutdown fires <c>@releaseDomain</c> again.</summary>
    ValueTask ResumeAsync(int domid, CancellationToken cancellation = default);

    /// <summary>Gives a domain the rights of another domain, as the domain of a device model needs them.</summary>
    /// <param name="domid">The domain that gets the rights.</param>
    /// <param name="target">The domain whose rights it gets.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    ValueTask SetTargetAsync(int domid, int target, CancellationToken cancellation = default);

    /// <summary>Returns whether a domain is introduced. Only dom0 may ask.</summary>
    ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellation = default);

    /// <summary>Returns the path where a domain's relative paths start: <c>/local/domain/DOMID</c>.</summary>
    ValueTask<string> GetDomainPathAsync(int domid, CancellationToken cancellation = default);

    /// <summary>
    /// Removes every watch of this connection in all its queues, and aborts its open transactions. (A kernel uses this request after
    /// it has replaced another one, as kexec does.) Some daemons keep the transactions.
    /// </summary>
    ValueTask ResetWatchesAsync(CancellationToken cancellation = default);
}
