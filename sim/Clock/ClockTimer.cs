namespace Actors.Sim.Clock;

/// <summary>A timer of the clock. Only the clock sets its properties, under the clock's lock.</summary>
internal sealed class ClockTimer(SimulationClock clock, TimerCallback callback, object? state) : ITimer
{
    /// <summary>When the timer is due, since the start of the clock.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Orders timers that are due at the same moment: first armed, first run.</summary>
    public long Sequence { get; set; }

    public TimeSpan Period { get; set; }

    public bool Armed { get; set; }

    public bool Disposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Arm(this, dueTime, period);

    public void Fire() => callback(state);

    public void Dispose() => clock.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
