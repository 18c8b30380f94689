using System.Diagnostics.CodeAnalysis;
using System.Runtime;

namespace Actors.Loading.Containment;

/// <summary>
/// Runs one part of a plugin's code at a time, from one pause to the next. The code can be stopped while it computes: its thread unwinds to
/// here. It cannot be stopped while it has called into the host, whose own work must not be interrupted. Stopping is the last resort, against
/// code that exhausts the memory: in .NET 10 on Linux, stopping a thread at the moment when it returns from a method may end the process.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and its token is in the hands of a thread that may be stuck.")]
internal sealed class ExecutionSlot
{
    private const long PhaseBits = 3;
    private const long Next = PhaseBits + 1;
    private const long Idle = 0, Foreign = 1, Inside = 2, Stopping = 3;

    [ThreadStatic]
    private static ExecutionSlot? _current;

    [ThreadStatic]
    private static bool _mustEnd;

    private readonly Action _run;
    private CancellationTokenSource _stop = new();
    private LaneWork? _work;
    private Exception? _error;
    private long _allocatedBefore;
    private Thread? _thread;
    private int _id;
    private long _begun;
    private long _stopAsked;

    // A serial number above two bits of phase: a stop must not hit the part that came after the one it was meant for.
    private long _state;

    public ExecutionSlot() => _run = RunWork;

    public static ExecutionSlot? Current => _current;

    /// <summary>Whether code was stopped or abandoned on this thread, which must end then.</summary>
    public static bool ThreadMustEnd => _mustEnd;

    public LaneCall? Call => _work?.Call;

    /// <summary>How many bytes the code that ran here has allocated.</summary>
    public long Allocated { get; private set; }

    /// <summary>Whether its code did not leave it in time.</summary>
    public bool Abandoned { get; private set; }

    /// <summary>Whether its thread sleeps, or waits without awaiting.</summary>
    public bool Waits => _thread is { } thread && (thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    private long Phase => Volatile.Read(ref _state) & PhaseBits;

    /// <summary>Runs a part; returns what it threw, or why it was stopped.</summary>
    public Exception? Run(LaneWork work, TimeProvider time)
    {
        (_work, _begun) = (work, time.GetTimestamp());
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Volatile.Write(ref _state, (_state & ~PhaseBits) + Next + Foreign);
        (_current, _thread, _id) = (this, Thread.CurrentThread, NativeThread.Current);
        var around = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(work.Call);
        try
        {
#pragma warning disable SYSLIB0046 // The only way to get a thread back from code that never pauses. It endangers state that it shares, which is the host's: see Inside.
            ControlledExecution.Run(_run, _stop.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception error)
        {
            _error = error;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(around);
            _current = null;
        }
        // An error references the code that threw it, which must be able to leave the memory.
        var thrown = End() ? new ContainmentException(work.Call.WhyStopped) : _error;
        _error = null;
        return thrown;
    }

    /// <summary>How long the code has been running; <see langword="null"/> when there is none.</summary>
    public TimeSpan? Elapsed(TimeProvider time)
    {
        var state = Volatile.Read(ref _state);
        var elapsed = time.GetElapsedTime(_begun);
        return (state & PhaseBits) == Idle || Volatile.Read(ref _state) >> 2 != state >> 2 ? null : elapsed;
    }

    /// <summary>Stops the code of a call, unless it has called into the host at that moment, or has ended.</summary>
    public void Stop(LaneCall call, TimeProvider time)
    {
        var state = Volatile.Read(ref _state);
        if ((state & PhaseBits) != Foreign || Call != call)
            return;
        var stop = _stop;
        if (Interlocked.CompareExchange(ref _state, (state & ~PhaseBits) + Stopping, state) != state)
            return;
        _stopAsked = time.GetTimestamp();
        // Cancelling returns only when the code has unwound, which never happens while it waits without awaiting.
        new Thread(stop.Cancel) { IsBackground = true, Name = "stops a plugin" }.Start();
    }

    /// <summary>How long ago the code was asked to stop; <see langword="null"/> if it was not.</summary>
    public TimeSpan? Refusing(TimeProvider time) => Phase == Stopping ? time.GetElapsedTime(_stopAsked) : null;

    /// <summary>Abandons the code, and lowers the priority of its thread.</summary>
    public void Abandon()
    {
        Abandoned = true;
        NativeThread.LowerPriority(_id);
    }

    /// <summary>Makes the current thread end.</summary>
    public static void EndThread() => _mustEnd = true;

    /// <summary>Enters the host's own work, called by a plugin, which must not be interrupted; leave it by disposing of the result.</summary>
    public static HostWork EnterHost() => new(_current);

    private void RunWork()
    {
        _error = null;
        try
        {
            _work!.Run();
        }
        catch (Exception error) when (error is not ThreadAbortException)
        {
            _error = error;
        }
        var state = Volatile.Read(ref _state);
        if ((state & PhaseBits) == Stopping || Interlocked.CompareExchange(ref _state, (state & ~PhaseBits) + Inside, state) != state)
            AwaitStop();
    }

    // A stop that is on its way must find the thread here: if it arrives while the runtime cleans up after the code, it may be lost.
    private static void AwaitStop()
    {
        for (var begun = Environment.TickCount64; Environment.TickCount64 - begun < 1000;)
            Thread.Yield();
    }

    // Returns whether it was stopped.
    private bool End()
    {
        Allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        var stopped = Phase == Stopping;
        if (stopped)
            (_stop, _mustEnd) = (new CancellationTokenSource(), true);
        Volatile.Write(ref _state, _state & ~PhaseBits);
        _work = null;
        return stopped;
    }

    internal readonly ref struct HostWork
    {
        private readonly ExecutionSlot? _slot;
        private readonly long _before;

        public HostWork(ExecutionSlot? slot)
        {
            if (slot is null)
                return;
            _before = Volatile.Read(ref slot._state);
            if ((_before & PhaseBits) == Inside)
                return;
            if ((_before & PhaseBits) == Stopping
                || Interlocked.CompareExchange(ref slot._state, (_before & ~PhaseBits) + Inside, _before) != _before)
            {
                AwaitStop();
                throw new OperationCanceledException("this call was stopped");
            }
            _slot = slot;
        }

        public void Dispose()
        {
            if (_slot is not null)
                Volatile.Write(ref _slot._state, _before);
        }
    }
}
