using Actors.Sdk.Text;

namespace Actors.Loading.Containment;

/// <summary>
/// Watches the thread lanes from a thread of its own, so that no plugin can block it through the thread pool: it abandons code that never
/// pauses, replaces the threads that are held, and watches the heap. While no lane has work it checks rarely.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckWhenIdle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private readonly ManualResetEvent _stop = new(false);
    private readonly AutoResetEvent _work = new(false);
    private readonly PluginLimits _limits;
    private readonly MemoryWatch _memory;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly int _minThreads;
    private volatile ThreadLane[] _lanes = [];
    private volatile bool _idle;
    private int _held;

    public Watchdog(TimeProvider time, PluginLimits limits, Action<string> warn)
    {
        (_time, _limits, _memory) = (time, limits, new MemoryWatch(limits.Memory, warn));
        ThreadPool.GetMinThreads(out _minThreads, out _);
        _thread = new Thread(Run) { IsBackground = true, Name = "watches plugins", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Add(ThreadLane lane) => Change(lanes => [.. lanes, lane]);

    public void Remove(ThreadLane lane) => Change(lanes => [.. lanes.Where(other => other != lane)]);

    /// <summary>Call it when a lane has work.</summary>
    public void Wake()
    {
        if (!_idle)
            return;
        _idle = false;
        _work.Set();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _work.Dispose();
    }

    private void Change(Func<ThreadLane[], ThreadLane[]> change)
    {
        lock (_memory)
            _lanes = change(_lanes);
    }

    private void Run()
    {
        while (!_stop.WaitOne(CheckEvery))
        {
            var held = 0;
            foreach (var lane in _lanes)
                held += CheckLane(lane);
            if (held != _held)
                ThreadPool.SetMinThreads(_minThreads + held, _minThreads + held);
            _held = held;
            _memory.Check(_lanes, _time);
            Idle();
        }
    }

    // A lane takes a slot first and calls Wake then. So a lane that is missed here finds this idle, and wakes it.
    private void Idle()
    {
        _idle = true;
        if (!_lanes.Any(lane => lane.Works))
            WaitHandle.WaitAny([_stop, _work], CheckWhenIdle);
        _idle = false;
    }

    // Returns how many threads it holds.
    private int CheckLane(ThreadLane lane)
    {
        var held = lane.Abandoned.Count(slot => slot.Elapsed(_time) is not null);
        foreach (var slot in lane.Slots)
        {
            if (slot.Elapsed(_time) is not { } elapsed || slot.Call is not { } call)
                continue;
            if (elapsed > CheckEvery)
                held++;
            if (elapsed > (call.Abandoned ? CheckEvery : _limits.ThreadHold))
                lane.Abandon(slot, $"held a thread for {DurationText.Format(_limits.ThreadHold)} without a pause; it was abandoned together with its thread");
            else if (slot.Refusing(_time) > StopDeadline)
                lane.Abandon(slot, "could not be stopped when the host's memory ran out; it was abandoned together with its thread");
        }
        return held;
    }
}
