namespace Actors.Sdk.Testing;

/// <summary>A timer of a fake clock.</summary>
internal sealed class FakeTimer(FakeClock clock, Action fire) : ITimer
{
    private bool _disposed;

    public TimeSpan Due { get; set; }

    /// <summary>Orders timers that are due at the same time: the timer that was armed first runs first.</summary>
    public long Sequence { get; set; }

    public TimeSpan Period { get; private set; }

    public void Fire() => fire();

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
            return false;
        Period = period;
        clock.Arm(this, dueTime);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        clock.Arm(this, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
