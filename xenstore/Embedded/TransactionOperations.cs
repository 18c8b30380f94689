namespace Actors.XenStore.Embedded;

/// <summary>Begins and ends transactions. The caller must hold the lock.</summary>
internal static class TransactionOperations
{
    public static XenStoreError? Begin(EmbeddedXenStore store, Session session, out uint id)
    {
        id = 0;
        if (session.Domain.IsGuest && session.Transactions.Count > store.Domains.Quota.Transactions)
            return XenStoreError.NoSpace;
        id = session.NextTransactionId();
        store.Domains.NextGeneration();
        session.Transactions[id] = new Transaction(store.Nodes, store.Domains, session);
        return null;
    }

    public static XenStoreError? End(Session session, uint id, bool commit)
    {
        if (!session.Transactions.Remove(id, out var transaction))
            return XenStoreError.NotFound;
        if (commit)
            return transaction.Commit();
        transaction.Discard();
        return null;
    }
}
