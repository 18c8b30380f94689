using System.Diagnostics.CodeAnalysis;
using System.Runtime;

namespace Actors.Loading.Containment;

/// <summary>
/// A seat for one stretch of a plugin's code between two pauses. The code can be stopped while it computes: its thread unwinds to
/// here. Not while it is inside of the host, whose own work must not break off in the middle. To stop it is the last resort, against code
/// that takes the memory: in .NET 10 on Linux, a thread that is stopped just when it returns from a method may take the process with it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and its token is in the hands of a thread that may be stuck.")]
internal sealed class Slice
{
    private const long PhaseBits = 3;
    private const long Next = PhaseBits + 1;
    private const long Idle = 0, Foreign = 1, Inside = 2, Stopping = 3;

    [ThreadStatic]
    private static Slice? _current;

    [ThreadStatic]
    private static bool _spent;

    private readonly Action _run;
    private CancellationTokenSource _stop = new();
    private LaneWork? _work;
    private Exception? _error;
    private long _allocatedBefore;
    private Thread? _thread;
    private int _id;
    private long _begun;
    private long _stopAsked;

    // A serial number above two bits of phase: whoever stops a slice must not hit the one that came after it.
    private long _state;

    public Slice() => _run = RunWork;

    public static Slice? Current => _current;

    /// <summary>Code was stopped on this thread, or left behind: it must end.</summary>
    public static bool ThreadIsSpent => _spent;

    public LaneCall? Call => _work?.Call;

    /// <summary>What the code that ran here has allocated, in bytes.</summary>
    public long Allocated { get; private set; }

    /// <summary>Its code did not leave it in time.</summary>
    public bool Lost { get; private set; }

    /// <summary>Its thread does not compute: it sleeps, or waits without awaiting.</summary>
    public bool Waits => _thread is { } thread && (thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    private long Phase => Volatile.Read(ref _state) & PhaseBits;

    /// <summary>Runs it; returns what it threw out of its own doing.</summary>
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
#pragma warning disable SYSLIB0046 // The only way to get a thread back from code that never pauses. Its dangers are for state that it shares, and that is the host's: see Inside.
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
        // An error leads to the code that threw it, which must be able to go.
        var thrown = End() ? new ContainmentException(work.Call.WhyStopped) : _error;
        _error = null;
        return thrown;
    }

    /// <summary>How long the code has been at it; <see langword="null"/> when there is none.</summary>
    public TimeSpan? Elapsed(TimeProvider time)
    {
        var state = Volatile.Read(ref _state);
        var elapsed = time.GetElapsedTime(_begun);
        return (state & PhaseBits) == Idle || Volatile.Read(ref _state) >> 2 != state >> 2 ? null : elapsed;
    }

    /// <summary>Stops the code of a call, unless it is inside of the host at that moment, or gone.</summary>
    public void Stop(LaneCall call, TimeProvider time)
    {
        var state = Volatile.Read(ref _state);
        if ((state & PhaseBits) != Foreign || Call != call)
            return;
        var stop = _stop;
        if (Interlocked.CompareExchange(ref _state, (state & ~PhaseBits) + Stopping, state) != state)
            return;
        _stopAsked = time.GetTimestamp();
        // It does not return before the code has unwound, which is never where it waits without awaiting.
        new Thread(stop.Cancel) { IsBackground = true, Name = "stops a plugin" }.Start();
    }

    /// <summary>How long it has been asked to stop.</summary>
    public TimeSpan? Refusing(TimeProvider time) => Phase == Stopping ? time.GetElapsedTime(_stopAsked) : null;

    /// <summary>Nobody counts on it any more, and its thread gets the processor when nobody else wants it.</summary>
    public void Lose()
    {
        Lost = true;
        NativeThread.GiveWay(_id);
    }

    /// <summary>This thread is to end.</summary>
    public static void Spend() => _spent = true;

    /// <summary>The host's own work, called by a plugin: it cannot be broken off.</summary>
    public static HostWork HostsOwn() => new(_current);

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

    // A stop that is on its way must find the thread here: one that comes while the runtime clears up behind the code may never arrive.
    private static void AwaitStop()
    {
        for (var begun = Environment.TickCount64; Environment.TickCount64 - begun < 1000;)
            Thread.Yield();
    }

    // Whether it was stopped.
    private bool End()
    {
        Allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        var stopped = Phase == Stopping;
        if (stopped)
            (_stop, _spent) = (new CancellationTokenSource(), true);
        Volatile.Write(ref _state, _state & ~PhaseBits);
        _work = null;
        return stopped;
    }

    internal readonly ref struct HostWork
    {
        private readonly Slice? _slice;
        private readonly long _before;

        public HostWork(Slice? slice)
        {
            if (slice is null)
                return;
            _before = Volatile.Read(ref slice._state);
            if ((_before & PhaseBits) == Inside)
                return;
            if ((_before & PhaseBits) == Stopping
                || Interlocked.CompareExchange(ref slice._state, (_before & ~PhaseBits) + Inside, _before) != _before)
            {
                AwaitStop();
                throw new OperationCanceledException("this call was stopped");
            }
            _slice = slice;
        }

        public void Dispose()
        {
            if (_slice is not null)
                Volatile.Write(ref _slice._state, _before);
        }
    }
}
