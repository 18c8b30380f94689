using Actors.Sdk.Text;

namespace Actors.Loading.Containment;

/// <summary>
/// Looks after the thread lanes from a thread of its own, so that nothing a plugin does to the thread pool holds it up: leaves code behind
/// that never pauses, makes up for the threads that are held, and watches the heap. While no lane has work it hardly looks.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAtRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly ManualResetEvent _stop = new(false);
    private readonly AutoResetEvent _work = new(false);
    private readonly PluginLimits _limits;
    private readonly MemoryWatch _memory;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly int _leastThreads;
    private volatile ThreadLane[] _lanes = [];
    private volatile bool _rests;
    private int _held;

    public Watchdog(TimeProvider time, PluginLimits limits, Action<string> tell)
    {
        (_time, _limits, _memory) = (time, limits, new MemoryWatch(limits.Memory, tell));
        ThreadPool.GetMinThreads(out _leastThreads, out _);
        _thread = new Thread(Run) { IsBackground = true, Name = "watches plugins", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Add(ThreadLane lane) => Change(lanes => [.. lanes, lane]);

    public void Remove(ThreadLane lane) => Change(lanes => [.. lanes.Where(other => other != lane)]);

    /// <summary>A lane has got work.</summary>
    public void Wake()
    {
        if (!_rests)
            return;
        _rests = false;
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
        while (!_stop.WaitOne(Look))
        {
            var held = 0;
            foreach (var lane in _lanes)
                held += LookAt(lane);
            if (held != _held)
                ThreadPool.SetMinThreads(_leastThreads + held, _leastThreads + held);
            _held = held;
            _memory.Look(_lanes, _time);
            Rest();
        }
    }

    // A lane takes a seat first and calls Wake then: one that is not seen here sees that this rests.
    private void Rest()
    {
        _rests = true;
        if (!_lanes.Any(lane => lane.Works))
            WaitHandle.WaitAny([_stop, _work], LookAtRest);
        _rests = false;
    }

    // How many threads of the pool it holds.
    private int LookAt(ThreadLane lane)
    {
        var held = lane.Lost.Count(slice => slice.Elapsed(_time) is not null);
        foreach (var slice in lane.Slices)
        {
            if (slice.Elapsed(_time) is not { } elapsed || slice.Call is not { } call)
                continue;
            if (elapsed > Look)
                held++;
            if (elapsed > (call.Abandoned ? Look : _limits.Slice))
                lane.GiveUp(slice, $"held a thread for {DurationText.Format(_limits.Slice)} without a pause; it was left behind, and its thread with it");
            else if (slice.Refusing(_time) > StopPatience)
                lane.GiveUp(slice, "could not be stopped when the host's memory ran out; it was left behind, and its thread with it");
        }
        return held;
    }
}
