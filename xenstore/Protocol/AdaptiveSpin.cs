using System.Diagnostics;

namespace Actors.XenStore.Protocol;

/// <summary>
/// Polls for a short time before a thread goes to sleep, but only if the last wait was short. Waking a sleeping thread takes tens
/// of microseconds on a virtual machine, which is longer than the daemon needs for a reply. The thread yields while it polls, so
/// other threads get the processor, and an idle connection costs nothing.
/// </summary>
internal sealed class AdaptiveSpin(Func<bool> isReady)
{
    private static readonly long Longest = Stopwatch.Frequency / 1_000_000 * 50;
    private static readonly long Short = 4 * Longest;

    private bool _wasShort;
    private long _began;

    /// <summary>Starts a wait. Call it before the wait.</summary>
    public void Begin()
    {
        _began = Stopwatch.GetTimestamp();
        if (!_wasShort)
            return;
        while (!isReady() && Stopwatch.GetTimestamp() - _began < Longest)
            Thread.Yield();
    }

    /// <summary>Ends a wait. Call it after the wait.</summary>
    public void End() => _wasShort = Stopwatch.GetTimestamp() - _began < Short;
}
