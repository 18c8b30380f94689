
namespace Actors.Sdk.Testing;

/// <summary>
/// Time for tests. It stands still until a test moves it: manually with <see cref="Advance"/>, or with <see cref="Run"/>, which runs a
/// test body to its end and jumps to the next timer whenever nothing else is left to do. Either way, everything happens in a fixed order. So a
/// run is repeatable, and an hour of it takes no time.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    /// <summary>The time at which the clock starts.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // An actor may wait for another thread for a moment. An actor that waits longer waits for something that will not happen.
    private static readonly TimeSpan ThreadWaitLimit = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Queue<Action> _ready = new();
    private readonly FakeTimers _timers = new();
    private TimeSpan _elapsed;

    /// <summary>The time since <see cref="Epoch"/>.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves time forward, and runs every timer that becomes due, in order.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = Elapsed + by;
        while ((TakeReady() ?? TakeTimer(end)) is { } work)
            work();
        lock (_gate)
            _elapsed = end;
    }

    /// <summary>Runs a test body to its end on this thread. An exception of the body is passed on.</summary>
    /// <param name="body">The test body. It must await without <c>ConfigureAwait(false)</c>.</param>
    /// <param name="limit">The time that the body may take on this clock; a day if omitted.</param>
    /// <exception cref="TimeoutException">The body takes longer, or nothing is left that could let it continue.</exception>
    public void Run(Func<Task> body, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new FakeClockContext(this));
        try
        {
            var end = Elapsed + (limit ?? TimeSpan.FromDays(1));
            var task = body();
            while (!task.IsCompleted)
                (TakeReady() ?? TakeTimer(end) ?? WaitForThreads())();
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    internal void Post(Action work)
    {
        lock (_gate)
        {
            _ready.Enqueue(work);
            Monitor.Pulse(_gate);
        }
    }

    internal void Arm(FakeTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
                _timers.Add(timer, _elapsed + dueTime);
            Monitor.Pulse(_gate);
        }
    }

    private Action? TakeReady()
    {
        lock (_gate)
            return _ready.TryDequeue(out var work) ? work : null;
    }

    private Action? TakeTimer(TimeSpan end)
    {
        lock (_gate)
        {
            if (_timers.First is not { } timer || timer.Due > end)
                return null;
            _elapsed = timer.Due;
            _timers.TakeFirst();
            return timer.Fire;
        }
    }

    private Action WaitForThreads()
    {
        lock (_gate)
        {
            if (_timers.First is not null)
                throw new TimeoutException($"the test has not ended within its time limit; its clock shows {_elapsed}");
            if (_ready.Count == 0 && !Monitor.Wait(_gate, ThreadWaitLimit) && _ready.Count == 0)
                throw new TimeoutException($"the test cannot continue; its clock shows {_elapsed}, and no timer is active. It waits for itself, "
                    + "for real time, or for another thread");
            return () => { };
        }
    }
}
