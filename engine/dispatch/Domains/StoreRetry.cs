using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// Asks a store again that went away. Only for what can be done twice (a read, a write of one value, a removal); a restarting xenstored
/// is no reason to call an actor failed and to try the next one.
/// </summary>
internal static class StoreRetry
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    public static async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask, TimeProvider time, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (XenStoreConnectionException) when (time.GetElapsedTime(begun) < AtMost)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    public static async ValueTask AskAsync(Func<ValueTask> ask, TimeProvider time, CancellationToken cancellation) =>
        await AskAsync<bool>(async () =>
        {
            await ask();
            return true;
        }, time, cancellation);
}
