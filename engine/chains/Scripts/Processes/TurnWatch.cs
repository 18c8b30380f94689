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
    private const double MostSeconds = 2, MostBlockedSeconds = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Timer _timer;
    private long _began;
    private TimeSpan _usedBefore;
    private double _slowness = 1;

    public TurnWatch() => _timer = new Timer(_ => Check(), null, Interval, Interval);

    /// <summary>How many times slower than usual the machine is.</summary>
    public double Slowness
    {
        get => Volatile.Read(ref _slowness);
        set => Volatile.Write(ref _slowness, value);
    }

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
        if ((used - _usedBefore).TotalSeconds > MostSeconds * Slowness)
            Environment.FailFast($"the script computed for {MostSeconds * Slowness:0.#} s in one call, which cannot be interrupted");
        if (Stopwatch.GetElapsedTime(began).TotalSeconds > MostBlockedSeconds * Slowness)
            Environment.FailFast($"the script was in one call for {MostBlockedSeconds * Slowness:0.#} s, which cannot be interrupted");
    }
}
