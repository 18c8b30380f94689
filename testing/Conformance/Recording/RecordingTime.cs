
namespace Actors.Sdk.Testing;

/// <summary>A time provider that counts the timers of an actor.</summary>
internal sealed class RecordingTime(TimeProvider time) : TimeProvider
{
    private readonly HashSet<Timer> _armed = [];

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <summary>The number of active timers of the actor.</summary>
    public int Armed
    {
        get
        {
            lock (_armed)
                return _armed.Count;
        }
    }

    /// <summary>How often a timer has fired.</summary>
    public int Fired { get; private set; }

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this);
        timer.Begin(time, callback, state, dueTime, period);
        return timer;
    }

    private void Set(Timer timer, bool armed)
    {
        lock (_armed)
            _ = armed ? _armed.Add(timer) : _armed.Remove(timer);
    }

    private sealed class Timer(RecordingTime owner) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period;

        public void Begin(TimeProvider time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            owner.Set(this, dueTime != Timeout.InfiniteTimeSpan);
            _timer = time.CreateTimer(_ => Fire(callback, state), null, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            owner.Set(this, dueTime != Timeout.InfiniteTimeSpan);
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            owner.Set(this, armed: false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(TimerCallback callback, object? state)
        {
            owner.Fired++;
            if (_period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero)
                owner.Set(this, armed: false);
            callback(state);
        }
    }
}
