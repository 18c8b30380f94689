using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>A connection within this process.</summary>
internal sealed class EmbeddedConnection : EmbeddedNodes, IXenStore, IWatchSink
{
    private readonly List<EmbeddedWatchQueue> _queues = [];

    public EmbeddedConnection(EmbeddedXenStore store, int domid) : base(store)
    {
        using (store.Enter())
            Session = store.Open(domid, this);
    }

    public int Domid => Session.Domain.Domid;

    protected override Session Session { get; }

    public RequestBatch Batch() => default;

    public ValueTask<IXenStoreTransaction> BeginTransactionAsync(CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<IXenStoreTransaction>(cancellation);
        using (Store.Enter())
        {
            ThrowIfEnded();
            var error = TransactionOperations.Begin(Store, Session, out var id);
            return error is null
                ? new(new EmbeddedTransaction(Store, Session, id))
                : ValueTask.FromException<IXenStoreTransaction>(Exception(error.Value, "begin", "a transaction"));
        }
    }

    public IWatchQueue OpenWatchQueue()
    {
        using (Store.Enter())
        {
            ThrowIfEnded();
            _queues.RemoveAll(closed => closed.HasEnded);
            var queue = new EmbeddedWatchQueue(Store, Domid);
            _queues.Add(queue);
            return queue;
        }
    }

    public ValueTask IntroduceAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellation = default) =>
        Manage("introduce", domid, () => Store.Introduce(domid, eventChannel), cancellation);

    public ValueTask ReleaseAsync(int domid, CancellationToken cancellation = default) =>
        Manage("release", domid, () => Store.Release(domid), cancellation);

    public ValueTask ResumeAsync(int domid, CancellationToken cancellation = default) =>
        Manage("resume", domid, () => Store.Resume(domid), cancellation);

    public ValueTask SetTargetAsync(int domid, int target, CancellationToken cancellation = default) =>
        Manage("set target of", domid, () => Store.SetTarget(domid, target), cancellation);

    public async ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellation = default)
    {
        var isIntroduced = false;
        await Manage("is introduced", domid, () => Store.IsIntroduced(domid, out isIntroduced), cancellation).ConfigureAwait(false);
        return isIntroduced;
    }

    public ValueTask<string> GetDomainPathAsync(int domid, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<string>(cancellation);
        using (Store.Enter())
            ThrowIfEnded();
        return Domids.IsValid(domid)
            ? new(PathRules.HomeOf(domid))
            : ValueTask.FromException<string>(Exception(XenStoreError.Invalid, "path of", $"domain {domid}"));
    }

    public ValueTask ResetWatchesAsync(CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
        {
            ThrowIfEnded();
            Store.Reset(Session);
            foreach (var queue in _queues)
                queue.Reset();
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        using (Store.Enter())
        {
            foreach (var queue in _queues)
                queue.Close();
            _queues.Clear();
            Store.Close(Session);
        }
        return ValueTask.CompletedTask;
    }

    void IWatchSink.Deliver(Watch watch, string path) => throw new InvalidOperationException("Watches belong to the queues of a connection.");

    void IWatchSink.Removed(Watch watch) => throw new InvalidOperationException("Watches belong to the queues of a connection.");

    void IWatchSink.Ended()
    {
        // The queues of the connection are sessions of the same domain, and the store ends them too.
    }

    protected override NodeView View()
    {
        ThrowIfEnded();
        return Store.Nodes;
    }

    /// <summary>Executes a request about a domain, which only dom0 may make.</summary>
    private ValueTask Manage(string request, int domid, Func<XenStoreError?> execute, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
        {
            ThrowIfEnded();
            return Done(Session.Domain.IsGuest ? XenStoreError.AccessDenied : execute(), request, $"domain {domid}");
        }
    }

    private void ThrowIfEnded()
    {
        if (Session.Ended)
            throw new ObjectDisposedException(
                nameof(IXenStore), $"This connection of domain {Domid} to the embedded xenstore has ended: it was disposed, or the domain was released.");
    }
}
