namespace Actors.Dispatch.Calls;

/// <summary>How long foreign code may take to return once it is cancelled. After that it is abandoned.</summary>
internal static class CancellationDeadline
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Cancels a wait that nobody needs. The first exception of a process takes long: seconds on an emulated processor, which an actor
    /// that is cancelled would not have.
    /// </summary>
    public static async Task PrepareAsync(TimeProvider time)
    {
        using var cancel = new CancellationTokenSource();
        var call = AwaitAsync(WaitForeverAsync(time, cancel.Token), time, cancel.Token);
        cancel.Cancel();
        try
        {
            await call;
        }
        catch (OperationCanceledException)
        {
            // That was the purpose.
        }
    }

    private static async Task<bool> WaitForeverAsync(TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
    }

    /// <summary>Waits for a call, but not longer than <see cref="Time"/> after its cancellation.</summary>
    /// <exception cref="TimeoutException">The call did not return in time.</exception>
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
