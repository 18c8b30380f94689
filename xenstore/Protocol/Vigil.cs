using System.Diagnostics;

namespace Actors.XenStore.Protocol;

/// <summary>
/// Looks a few more times before a thread goes to sleep, where the last wait was short. To wake a sleeping thread takes tens of
/// microseconds on a virtual machine, more than the daemon needs for an answer. Whoever else wants the processor gets it in between, and
/// a connection on which nothing happens costs nothing.
/// </summary>
internal sealed class Vigil(Func<bool> isReady)
{
    private static readonly long Longest = Stopwatch.Frequency / 1_000_000 * 50;
    private static readonly long Short = 4 * Longest;

    private bool _wasShort;
    private long _began;

    /// <summary>To be called before a wait.</summary>
    public void Begin()
    {
        _began = Stopwatch.GetTimestamp();
        if (!_wasShort)
            return;
        while (!isReady() && Stopwatch.GetTimestamp() - _began < Longest)
            Thread.Yield();
    }

    /// <summary>To be called after it.</summary>
    public void End() => _wasShort = Stopwatch.GetTimestamp() - _began < Short;
}
