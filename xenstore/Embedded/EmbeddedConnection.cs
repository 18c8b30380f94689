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

    public ValueTask IntroduceAsync(int domid, ulong frame, uint eventChannel, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
        {
            ThrowIfEnded();
            return Done(Guarded ?? Store.Introduce(domid, eventChannel), "introduce", $"domain {domid}");
        }
    }

    public ValueTask ReleaseAsync(int domid, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
        {
            ThrowIfEnded();
            return Done(Guarded ?? Store.Release(domid), "release", $"domain {domid}");
        }
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

    /// <summary>The error for a guest: only dom0 may introduce and release domains.</summary>
    private XenStoreError? Guarded => Session.Domain.IsGuest ? XenStoreError.AccessDenied : null;

    private void ThrowIfEnded()
    {
        if (Session.Ended)
            throw new ObjectDisposedException(
                nameof(IXenStore), $"This connection of domain {Domid} to the embedded xenstore has ended: it was disposed, or the domain was released.");
    }
}
