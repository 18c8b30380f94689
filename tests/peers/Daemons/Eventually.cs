namespace Actors.Peers;

/// <summary>Waits for what happens in another process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    /// <summary>Returns when the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not by the deadline (10 s unless given).</exception>
    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (deadline ?? TimeSpan.FromSeconds(10)))
                throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
