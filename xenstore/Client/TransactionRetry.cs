namespace Actors.XenStore;

/// <summary>Runs transactions and repeats them after a conflict.</summary>
public static class TransactionRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(128);
    private const int MostAttempts = 50;

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction and commits it. If a node that it read or wrote was changed outside, it runs again
    /// in a new transaction, after a pause that grows from 1 ms to 128 ms. The same happens if the connection is lost before the commit
    /// was sent, because then the transaction has changed nothing. Any other exception of <paramref name="work"/> aborts the
    /// transaction and is rethrown.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="work">The work to do. It may run several times, so its effects outside of the transaction must allow that.</param>
    /// <param name="time">The clock for the pauses. The default is <see cref="TimeProvider.System"/>.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.TryAgain"/> after 50 attempts.</exception>
    /// <exception cref="XenStoreConnectionException">The connection was lost while the commit was in flight, or there is no connection.</exception>
    public static async Task<T> RunTransactionAsync<T>(
        this IXenStore store, Func<IXenStoreTransaction, Task<T>> work, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(work);
        var pause = FirstPause;
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var transaction = await store.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                try
                {
                    var result = await work(transaction).ConfigureAwait(false);
                    if (await transaction.CommitAsync(cancellation).ConfigureAwait(false))
                        return result;
                }
                catch (XenStoreConnectionException lost) when (lost.Fate == RequestFate.NotSent && attempt < MostAttempts)
                {
                    // The transaction ended with its connection before the commit was sent, so nothing was changed.
                }
            }
            // Two competing transactions need no random pause: the store lets one of them succeed each time.
            await Task.Delay(pause, time ?? TimeProvider.System, cancellation).ConfigureAwait(false);
            pause = pause < LongestPause ? pause * 2 : LongestPause;
        }
        throw new XenStoreException(XenStoreError.TryAgain, "EAGAIN", $"a transaction that had a conflict {MostAttempts} times");
    }

    /// <inheritdoc cref="RunTransactionAsync{T}"/>
    public static Task RunTransactionAsync(
        this IXenStore store, Func<IXenStoreTransaction, Task> work, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return store.RunTransactionAsync(
            async transaction =>
            {
                await work(transaction).ConfigureAwait(false);
                return true;
            },
            time,
            cancellation);
    }
}
