using System.Collections.Concurrent;

namespace Actors.Loading.Containment;

/// <summary>
/// Runs one plugin's code on threads, in real time. The number of its slots is limited, so that a plugin which holds its threads delays no
/// other.
/// </summary>
internal sealed class ThreadLane(PluginHealth health, TimeProvider time, Action onWork) : ICallLane
{
    public const int MaxSlots = 4;

    private readonly Lock _gate = new();
    private readonly Stack<ExecutionSlot> _free = new();
    private readonly Queue<LaneWork> _waiting = new();
    private readonly ConcurrentDictionary<LaneCall, bool> _calls = new();
    private volatile ExecutionSlot[] _slots = [];
    private volatile ExecutionSlot[] _abandoned = [];

    public PluginHealth Health { get; } = health;

    public IReadOnlyList<ExecutionSlot> Slots => _slots;

    /// <summary>Abandoned slots, whose code still holds their threads.</summary>
    public IReadOnlyList<ExecutionSlot> Abandoned => _abandoned;

    /// <summary>Whether code runs in one of its slots.</summary>
    public bool Works
    {
        get
        {
            lock (_gate)
                return _slots.Length > _free.Count;
        }
    }

    /// <summary>What the plugin's code has allocated here, in bytes.</summary>
    public long Allocated => _slots.Sum(slot => slot.Allocated);

    public ILaneCall<T> Begin<T>(Func<ILaneCall, CancellationToken, Task<T>> code, CancellationToken cancellation)
    {
        var call = new LaneCall<T>(this, code, cancellation);
        _calls.TryAdd(call, true);
        // It may have ended before it was added.
        if (call.Ended.IsCompleted)
            Ended(call);
        return call;
    }

    /// <summary>Runs a part as soon as a slot is free. Only work that has a slot gets a thread, so a burst of calls starts no more threads than there are slots.</summary>
    public void Queue(LaneWork work)
    {
        ExecutionSlot? slot;
        lock (_gate)
        {
            slot = TakeSlot();
            if (slot is null)
            {
                _waiting.Enqueue(work);
                return;
            }
        }
        PluginThreads.Queue(new SlotWork(slot, work));
    }

    /// <summary>Runs a part in the slot it was given, and then those that wait for a slot.</summary>
    public void Execute(SlotWork first)
    {
        for (var work = first.Work; work is not null; work = Next(first.Slot))
            Execute(work, first.Slot);
    }

    /// <summary>Abandons a slot that its code does not leave, and makes room for another.</summary>
    public void Abandon(ExecutionSlot slot, string why)
    {
        var call = slot.Call;
        LaneWork? next;
        lock (_gate)
        {
            if (slot.Abandoned || _free.Contains(slot))
                return;
            slot.Abandon();
            _slots = [.. _slots.Where(other => other != slot)];
            _abandoned = [.. _abandoned, slot];
            _waiting.TryDequeue(out next);
        }
        if (next is not null)
            Queue(next);
        call?.Fail(new ContainmentException(why));
    }

    /// <summary>Ends every running call.</summary>
    public void StopAll()
    {
        foreach (var call in _calls.Keys)
        {
            call.Abandoned = true;
            call.Fail(new QuarantinedException(Health.Now.Quarantine ?? ""));
        }
    }

    public void Ended(LaneCall call) => _calls.TryRemove(call, out _);

    public void ThrownOutside(LaneCall call, Exception error)
    {
        if (!call.Abandoned)
            Health.Fault(Faults.OutsideCall(error));
    }

    private ExecutionSlot? TakeSlot()
    {
        if (_free.TryPop(out var free))
            return free;
        if (_slots.Length == MaxSlots)
            return null;
        var slot = new ExecutionSlot();
        _slots = [.. _slots, slot];
        return slot;
    }

    // The caller's code continues here, too, and keeps the slot meanwhile: another thread for the next part would be one more than there are slots.
    private void Execute(LaneWork work, ExecutionSlot slot)
    {
        onWork();
        var before = slot.Allocated;
        var error = slot.Run(work, time);
        if (error is ContainmentException)
            work.Call.Stopped(slot.Allocated - before);
        work.Call.PartEnded(error);
    }

    // Leaves a slot, unless this thread should run the next part in it.
    private LaneWork? Next(ExecutionSlot slot)
    {
        LaneWork? next;
        lock (_gate)
        {
            if (slot.Abandoned)
            {
                ExecutionSlot.EndThread();
                return null;
            }
            if (!_waiting.TryDequeue(out next))
                _free.Push(slot);
            else if (!ExecutionSlot.ThreadMustEnd)
                return next;
        }
        if (next is not null)
            PluginThreads.Queue(new SlotWork(slot, next));
        return null;
    }
}

/// <summary>A part of a plugin's code together with the slot in which it runs.</summary>
internal readonly record struct SlotWork(ExecutionSlot Slot, LaneWork Work);
