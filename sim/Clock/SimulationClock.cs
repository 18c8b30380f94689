namespace Actors.Sim.Clock;

/// <summary>
/// The time of a simulated world, and the single-threaded loop that everything in it runs on. Events have a total order:
/// what is posted runs before time moves, first posted first; then comes the timer that is due first, and of several due at
/// one moment the one armed first. A world that takes all its time and all its continuations from this clock repeats exactly.
/// </summary>
internal sealed class SimulationClock : TimeProvider
{
    /// <summary>The time at which a virtual world begins. It is fixed so that timestamps repeat as well.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int NoThread = -1;

    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Work, object? State)> _ready = new();
    private readonly TimerOrder _timers = new();
    private readonly DateTimeOffset _start;
    private readonly ClockContext _context;
    private TimeSpan _elapsed;
    private volatile int _loopThread = NoThread;
    private Func<TimeSpan>? _realElapsed;
    private int _speed = 1;

    public SimulationClock()
        : this(Epoch)
    {
    }

    /// <summary>Creates a clock that begins at another moment; a world at real pace begins at the real time.</summary>
    public SimulationClock(DateTimeOffset start)
    {
        _start = start;
        _context = new ClockContext(this);
    }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            // Only the loop moves the time.
            if (IsLoopThread)
                return _elapsed;
            lock (_gate)
                return Now();
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public bool IsLoopThread => _loopThread == Environment.CurrentManagedThreadId;

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ClockTimer(this, callback, state);
        Arm(timer, dueTime, period);
        return timer;
    }

    /// <summary>
    /// Starts <paramref name="main"/> on this thread and runs the loop here until its task has ended. An error of the task is thrown here.
    /// </summary>
    /// <param name="main">The task.</param>
    /// <param name="limit">The virtual time that it may take.</param>
    /// <param name="pace">How fast virtual time passes.</param>
    /// <param name="speed">The virtual seconds in a real one, at real pace.</param>
    /// <exception cref="SimulationStalledException">Nothing is left to run (virtual pace), or the limit of virtual time has passed.</exception>
    public void Run(Func<Task> main, TimeSpan limit, Pace pace = Pace.Virtual, int speed = 1)
    {
        Enter(pace, speed);
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            var end = limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Elapsed + limit;
            var task = main();
            // A task that another thread completes must wake the loop; where there is only this thread, nothing is posted late.
            if (pace == Pace.Real)
                task.ContinueWith(_ => Post(static _ => { }, null), TaskScheduler.Default);
            while (!task.IsCompleted)
            {
                var (work, state) = Next(pace, limit, end);
                work(state);
            }
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
            Leave();
        }
    }

    /// <summary>
    /// Does the work on the loop: immediately when the caller is on the loop already, otherwise as soon as the loop gets to it.
    /// </summary>
    public async ValueTask<T> CallAsync<T>(Func<T> work)
    {
        if (IsLoopThread)
            return work();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => Complete(done, work), null);
        return await done.Task;
    }

    /// <summary>Like <see cref="CallAsync{T}"/>, for work that takes time; all of it happens on the loop.</summary>
    public async Task CallAsync(Func<Task> work) => await await CallAsync<Task>(work);

    /// <summary>
    /// Starts work on the loop that nobody waits for. It ends on its own or when the token is cancelled. An error in it ends the whole
    /// run.
    /// </summary>
    public void Spawn(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        if (IsLoopThread)
            Begin(work, cancellation);
        else
            Post(_ => Begin(work, cancellation), null);
    }

    public void Post(SendOrPostCallback work, object? state)
    {
        lock (_gate)
        {
            _ready.Enqueue((work, state));
            Wake();
        }
    }

    internal bool Arm(ClockTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            if (timer.Disposed)
                return false;
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                _timers.Add(timer, Now() + dueTime);
            Wake();
            return true;
        }
    }

    internal void Disarm(ClockTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Disposed = true;
        }
    }

    // Void, so that an error goes to the loop itself.
    private static async void Begin(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> work)
    {
        try
        {
            done.SetResult(work());
        }
        catch (Exception error)
        {
            done.SetException(error);
        }
    }

    /// <summary>
    /// On the loop, time stands still within an event, at either pace. At real pace, any other thread sees time pass between events.
    /// </summary>
    private TimeSpan Now()
    {
        if (IsLoopThread || _realElapsed is null)
            return _elapsed;
        var real = _realElapsed();
        return real > _elapsed ? real : _elapsed;
    }

    private void Enter(Pace pace, int speed)
    {
        lock (_gate)
        {
            if (_loopThread != NoThread)
                throw new InvalidOperationException("The clock's loop is running already.");
            _loopThread = Environment.CurrentManagedThreadId;
            var (begun, origin) = (System.GetTimestamp(), _elapsed);
            _realElapsed = pace == Pace.Real ? () => origin + speed * System.GetElapsedTime(begun) : null;
            _speed = speed;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _loopThread = NoThread;
            _realElapsed = null;
        }
    }

    /// <summary>Only the loop ever waits, so it needs no pulse from itself.</summary>
    private void Wake()
    {
        if (!IsLoopThread)
            Monitor.Pulse(_gate);
    }

    private (SendOrPostCallback Work, object? State) Next(Pace pace, TimeSpan limit, TimeSpan end)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_ready.TryDequeue(out var ready))
                    return ready;
                var due = _timers.FirstDue;
                if (due is null && pace == Pace.Virtual)
                    throw SimulationStalledException.NothingLeft(_elapsed);
                var next = due < end ? due.Value : end;
                if (pace == Pace.Real && _realElapsed!() < next)
                    WaitUntil(next);
                else if (due <= end)
                    return TakeTimer(due.Value);
                else
                    throw SimulationStalledException.OutOfTime(limit);
            }
        }
    }

    /// <summary>Waits until real time reaches a moment, or another thread posts or arms something.</summary>
    private void WaitUntil(TimeSpan next)
    {
        // Rounded up, so that the last part of a millisecond is slept and not spun.
        var milliseconds = Math.Ceiling((next - _realElapsed!()).TotalMilliseconds / _speed);
        Monitor.Wait(_gate, (int)Math.Clamp(milliseconds, 0, int.MaxValue));
        var real = _realElapsed();
        MoveTo(real < next ? real : next);
    }

    private (SendOrPostCallback Work, object? State) TakeTimer(TimeSpan due)
    {
        MoveTo(due);
        return (static timer => ((ClockTimer)timer!).Fire(), _timers.TakeFirst());
    }

    private void MoveTo(TimeSpan moment) => _elapsed = moment > _elapsed ? moment : _elapsed;
}
