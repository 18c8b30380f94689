namespace Actors.Dispatch.Calls;

/// <summary>How long foreign code may take to return once it is cancelled, before it is left behind.</summary>
internal static class CancellationGrace
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    /// <summary>Waits for a call; after its cancellation for so long and no longer.</summary>
    /// <exception cref="TimeoutException">It did not return.</exception>
    public static async Task<T> AwaitAsync<T>(Task<T> call, TimeProvider time, CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource();
        using (cancellation.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled))
        {
            if (await Task.WhenAny(call, cancelled.Task) == call)
                return await call;
        }
        return await call.WaitAsync(Time, time, CancellationToken.None);
    }
}
