namespace Actors.Dispatch.Calls;

/// <summary>How long foreign code may take to return once it is cancelled. After that it is abandoned.</summary>
internal static class CancellationDeadline
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

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
