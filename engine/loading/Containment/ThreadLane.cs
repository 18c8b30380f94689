using System.Collections.Concurrent;

namespace Actors.Loading.Containment;

/// <summary>
/// One plugin's way onto threads, in real time. It has so many seats and no more, so that a plugin which holds its threads
/// holds up nobody else.
/// </summary>
internal sealed class ThreadLane(PluginHealth health, TimeProvider time, Action working) : ICallLane
{
    public const int Seats = 4;

    private readonly Lock _gate = new();
    private readonly Stack<Slice> _free = new();
    private readonly Queue<LaneWork> _waiting = new();
    private readonly ConcurrentDictionary<LaneCall, bool> _calls = new();
    private volatile Slice[] _slices = [];
    private volatile Slice[] _lost = [];

    public PluginHealth Health { get; } = health;

    public IReadOnlyList<Slice> Slices => _slices;

    /// <summary>Seats given up with the threads in them.</summary>
    public IReadOnlyList<Slice> Lost => _lost;

    /// <summary>Somebody sits on one of its seats.</summary>
    public bool Works
    {
        get
        {
            lock (_gate)
                return _slices.Length > _free.Count;
        }
    }

    /// <summary>What the plugin's code has allocated here, in bytes.</summary>
    public long Allocated => _slices.Sum(slice => slice.Allocated);

    public ILaneCall<T> Begin<T>(Func<CancellationToken, Task<T>> code, CancellationToken cancellation)
    {
        var call = new LaneCall<T>(this, code, cancellation);
        _calls.TryAdd(call, true);
        // It may have ended before it was noted.
        if (call.Ended.IsCompleted)
            Ended(call);
        return call;
    }

    public static void Queue(LaneWork work) => PluginThreads.Queue(work);

    public void Execute(LaneWork work)
    {
        Slice? seat;
        lock (_gate)
        {
            seat = Seat();
            if (seat is null)
            {
                _waiting.Enqueue(work);
                return;
            }
        }
        working();
        var before = seat.Allocated;
        var error = seat.Run(work, time);
        var allocated = seat.Allocated - before;
        Leave(seat);
        if (error is ContainmentException)
            work.Call.Stopped(allocated);
        work.Call.SliceEnded(error);
    }

    /// <summary>Takes a seat away that its code does not leave, and gives the lane another.</summary>
    public void GiveUp(Slice seat, string why)
    {
        var call = seat.Call;
        lock (_gate)
        {
            if (seat.Lost || _free.Contains(seat))
                return;
            seat.Lose();
            _slices = [.. _slices.Where(other => other != seat)];
            _lost = [.. _lost, seat];
            if (_waiting.TryDequeue(out var next))
                Queue(next);
        }
        call?.Fail(new ContainmentException(why));
    }

    /// <summary>Ends every call under way.</summary>
    public void StopAll()
    {
        foreach (var call in _calls.Keys)
        {
            call.Abandoned = true;
            call.Fail(new QuarantinedException(Health.Now.Quarantine ?? ""));
        }
    }

    public void Ended(LaneCall call) => _calls.TryRemove(call, out _);

    public void Beside(LaneCall call, Exception error)
    {
        if (!call.Abandoned)
            Health.Fault(Faults.Beside(error));
    }

    private Slice? Seat()
    {
        if (_free.TryPop(out var free))
            return free;
        if (_slices.Length == Seats)
            return null;
        var seat = new Slice();
        _slices = [.. _slices, seat];
        return seat;
    }

    private void Leave(Slice seat)
    {
        lock (_gate)
        {
            if (seat.Lost)
            {
                Slice.Spend();
                return;
            }
            _free.Push(seat);
            if (_waiting.TryDequeue(out var next))
                Queue(next);
        }
    }
}
