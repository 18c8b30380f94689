using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Actors.Chains.Scripts.Processes;

/// <summary>
/// Ends the process when a turn takes far longer than the guard allows: the script is in one call into .NET, which cannot be interrupted.
/// Processor time counts, so that a machine that was suspended or is busy ends nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process.")]
internal sealed class TurnWatch
{
    private const int MostSeconds = 2, MostBlockedSeconds = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Timer _timer;
    private long _began;
    private TimeSpan _usedBefore;

    public TurnWatch() => _timer = new Timer(_ => Check(), null, Interval, Interval);

    public void Begin()
    {
        _usedBefore = TimeSpan.MinValue;
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
    }

    public void End() => Volatile.Write(ref _began, 0);

    private void Check()
    {
        var began = Volatile.Read(ref _began);
        if (began == 0)
            return;
        var used = Environment.CpuUsage.TotalTime;
        // The processor time is read only in turns that take long enough to be seen here.
        if (_usedBefore == TimeSpan.MinValue)
            _usedBefore = used;
        var elapsed = Stopwatch.GetElapsedTime(began);
        if (elapsed.TotalSeconds > MostBlockedSeconds || (used - _usedBefore).TotalSeconds > MostSeconds)
            Environment.FailFast($"the script computed for {MostSeconds} s in one call, which cannot be interrupted");
    }
}
