namespace Actors.Sim.Clock;

/// <summary>A timer of the clock. Only the clock sets its properties, under the clock's lock.</summary>
internal sealed class ClockTimer(SimulationClock clock, TimerCallback callback, object? state) : ITimer
{
    private (TimerCallback Callback, object? State)? _work = (callback, state);

    /// <summary>The number under which the timer was armed; <see langword="null"/> while it is not armed.</summary>
    public long? Turn { get; set; }

    public TimeSpan Period { get; set; }

    public bool Disposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Arm(this, dueTime, period);

    public void Fire()
    {
        if (_work is var (callback, state))
            callback(state);
    }

    public void Dispose()
    {
        clock.Disarm(this);
        // The order may keep the timer for a while. Its work may belong to a plugin that is to be unloaded.
        _work = null;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
