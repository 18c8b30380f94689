namespace Actors.XenStore;

/// <summary>Transactions that begin again when they have lost against a change outside.</summary>
public static class TransactionRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(128);
    private const int MostAttempts = 50;

    /// <summary>
    /// Carries out <paramref name="work"/> in a transaction and commits it. When something that it read or wrote has changed outside,
    /// it is carried out again in a new transaction, after a pause that grows from 1 ms to 128 ms. An exception of
    /// <paramref name="work"/> aborts the transaction and is passed on.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="work">What to do; it may run several times, so what it does outside of the transaction must bear that.</param>
    /// <param name="time">Measures the pauses; <see cref="TimeProvider.System"/> unless given.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.TryAgain"/> after 50 attempts.</exception>
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
                var result = await work(transaction).ConfigureAwait(false);
                if (await transaction.CommitAsync(cancellation).ConfigureAwait(false))
                    return result;
            }
            // No randomness is needed to part two rivals: a store lets one of them win each time.
            await Task.Delay(pause, time ?? TimeProvider.System, cancellation).ConfigureAwait(false);
            pause = pause < LongestPause ? pause * 2 : LongestPause;
        }
        throw new XenStoreException(XenStoreError.TryAgain, "EAGAIN", $"a transaction that lost {MostAttempts} times");
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
