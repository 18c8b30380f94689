using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Actors.Isolation.Processes;

namespace Actors.Chains.Scripts.Processes;

/// <summary>
/// Publishes which turn runs, and ends the process when a turn takes far longer than the guard allows: the script is in one call into .NET,
/// which cannot be interrupted. Processor time counts, so that a machine that was suspended or is busy ends nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process.")]
internal sealed class TurnWatch
{
    private const double MostSeconds = 1, MostBlockedSeconds = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private long _began;
    private TimeSpan? _usedBefore;
    private bool _armed;

    public TurnWatch() => _timer = new Timer(_ => Check());

    /// <summary>How many times slower than usual the machine is.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Where the number of the turn is published; 0 while none runs.</summary>
    public SharedWord? Published { get; set; }

    /// <summary>A turn begins.</summary>
    /// <param name="turn">The number of its request.</param>
    public void Begin(long turn)
    {
        lock (_gate)
        {
            Publish(turn);
            (_began, _usedBefore) = (Stopwatch.GetTimestamp(), null);
            // The timer stops when it finds no turn, so that an idle process does nothing.
            if (_armed)
                return;
            _armed = true;
            _timer.Change(Interval, Interval);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _began = 0;
            Publish(0);
        }
    }

    // While this holds the gate, the turn cannot end, and the next one cannot begin and be blamed.
    private void Check()
    {
        lock (_gate)
        {
            if (_began == 0)
            {
                _armed = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }
            var used = Environment.CpuUsage.TotalTime;
            // The processor time is read only in turns that take long enough to be seen here.
            _usedBefore ??= used;
            if ((used - _usedBefore.Value).TotalSeconds > MostSeconds * Slowness)
                Environment.FailFast($"the script computed for {MostSeconds * Slowness:0.#} s in one call, which cannot be interrupted");
            if (Stopwatch.GetElapsedTime(_began).TotalSeconds > MostBlockedSeconds * Slowness)
                Environment.FailFast($"the script was in one call for {MostBlockedSeconds * Slowness:0.#} s, which cannot be interrupted");
        }
    }

    private void Publish(long turn)
    {
        if (Published is { } word)
            word.Value = turn;
    }
}
