using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// Repeats a request while the store is unreachable. Only for requests that can be made twice (a read, a write of one value, a removal).
/// An actor must not fail, and the next one must not be tried, because xenstored restarts.
/// </summary>
internal static class StoreRetry
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    public static async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> request, TimeProvider time, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await request();
            }
            catch (XenStoreConnectionException) when (time.GetElapsedTime(begun) < AtMost)
            {
                await Task.Delay(Pause, time, cancellation);
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
