using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// Repeats a request while the store is unreachable, however long that takes. Only for requests that can be made twice (a read, a write of one
/// value, a removal). An actor must not fail, and the next one must not be tried, because xenstored is away.
/// </summary>
internal static class StoreRetry
{
    // A request waits for the connection itself, so there is usually no failure for seconds.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <param name="request">The request.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="cancellation">Ends the attempts. A request that is being made is not cancelled by it.</param>
    /// <exception cref="XenStoreConnectionException">The attempts were cancelled, and the store was unreachable at the last one.</exception>
    /// <exception cref="OperationCanceledException">The attempts were cancelled between two of them.</exception>
    public static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> request, TimeProvider time, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await request();
            }
            catch (XenStoreConnectionException) when (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    public static async ValueTask RunAsync(Func<ValueTask> request, TimeProvider time, CancellationToken cancellation) =>
        await RunAsync<bool>(async () =>
        {
            await request();
            return true;
        }, time, cancellation);
}
