
namespace Actors.Sdk.Testing;

/// <summary>
/// Time for tests. It stands still until a test moves it: by hand with <see cref="Advance"/>, or with <see cref="Run"/>, which plays a
/// story to its end and jumps to the next timer whenever nothing else is left to do. Either way everything happens in one order,
/// so a run repeats itself exactly, and an hour of it takes no time.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    /// <summary>When time begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // An actor that waits for another thread is not lost yet; one that waits longer waits for something that never comes.
    private static readonly TimeSpan PatienceWithThreads = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Queue<Action> _ready = new();
    private readonly FakeTimers _timers = new();
    private TimeSpan _elapsed;

    /// <summary>Time since <see cref="Epoch"/>.</summary>
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

    /// <summary>Moves time on, and runs every timer that comes due on the way, in order.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = Elapsed + by;
        while ((TakeReady() ?? TakeTimer(end)) is { } work)
            work();
        lock (_gate)
            _elapsed = end;
    }

    /// <summary>Plays a story to its end on this thread, whose error it throws on.</summary>
    /// <param name="story">What happens; await without <c>ConfigureAwait(false)</c> in it.</param>
    /// <param name="limit">How long it may take by this clock; a day when left out.</param>
    /// <exception cref="TimeoutException">It takes longer, or nothing is left that could bring it to its end.</exception>
    public void Run(Func<Task> story, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(story);
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new FakeClockContext(this));
        try
        {
            var end = Elapsed + (limit ?? TimeSpan.FromDays(1));
            var task = story();
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
                throw new TimeoutException($"the story has not ended within its limit, and it is {_elapsed} by its clock");
            if (_ready.Count == 0 && !Monitor.Wait(_gate, PatienceWithThreads) && _ready.Count == 0)
                throw new TimeoutException($"after {_elapsed} by its clock nothing is left that could bring the story to its end: it waits for itself, "
                    + "for real time, or for another thread");
            return () => { };
        }
    }
}
