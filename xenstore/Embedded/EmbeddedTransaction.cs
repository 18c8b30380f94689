namespace Actors.XenStore.Embedded;

/// <summary>A transaction of a connection within this process.</summary>
internal sealed class EmbeddedTransaction(EmbeddedXenStore store, Session session, uint id) : EmbeddedNodes(store), IXenStoreTransaction
{
    private bool _ended;

    protected override Session Session => session;

    public ValueTask<bool> CommitAsync(CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellation);
        using (Store.Enter())
        {
            View();
            _ended = true;
            return TransactionOperations.End(session, id, commit: true) switch
            {
                null => new(true),
                XenStoreError.TryAgain => new(false),
                { } error => ValueTask.FromException<bool>(Exception(error, "commit", "a transaction")),
            };
        }
    }

    public ValueTask DisposeAsync()
    {
        using (Store.Enter())
            if (!_ended)
                TransactionOperations.End(session, id, commit: false);
        _ended = true;
        return ValueTask.CompletedTask;
    }

    protected override NodeView View()
    {
        if (_ended || session.Ended)
            throw new ObjectDisposedException(
                nameof(IXenStoreTransaction), "This transaction has ended: it was committed or disposed, or its connection has ended.");
        // A reset, or a second introduction of the domain, has aborted it.
        return session.Transactions.TryGetValue(id, out var transaction)
            ? transaction
            : throw Exception(XenStoreError.NotFound, "use", "a transaction");
    }
}
