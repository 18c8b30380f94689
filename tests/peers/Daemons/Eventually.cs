namespace Actors.Peers;

/// <summary>Waits for a condition in another process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">The condition did not hold by the deadline (default 10 s).</exception>
    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (deadline ?? TimeSpan.FromSeconds(10)))
                throw new TimeoutException($"Timed out waiting for {what}.");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
