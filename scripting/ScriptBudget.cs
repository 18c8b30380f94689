using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Actors.Scripting;

/// <summary>The limits for one run of a script.</summary>
/// <param name="Slice">Computing time between two awaits.</param>
/// <param name="Total">Computing time in total.</param>
/// <param name="Bytes">Allocated memory in total, including memory that was freed again.</param>
/// <param name="Calls">The number of steps, releases and waits.</param>
internal sealed record ScriptLimits(TimeSpan Slice, TimeSpan Total, long Bytes, int Calls)
{
    public static ScriptLimits Standard { get; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), 64 * 1024 * 1024, 1000);

    /// <summary>The same limits for a machine that is slower than usual.</summary>
    public ScriptLimits Slowed(double times) => this with { Slice = Slice * times, Total = Total * times };
}

/// <summary>
/// What one run of a script has used. Computing time is always measured with the real clock, because an endless loop takes no simulated time.
/// </summary>
internal sealed class ScriptBudget(ScriptLimits limits, CancellationToken cancellation)
{
    private const int TicksPerCheck = 16;
    private const int MaxStackBytes = 128 * 1024;

    // A machine that was suspended looks like a script in an endless loop. So a late script gets this much extra time, once per slice.
    private static readonly TimeSpan ExtraTime = TimeSpan.FromMilliseconds(20);

    private TimeSpan _computed;
    private TimeSpan _slice;
    private long _began;
    private long _allocated;
    private long _allocatedBefore;
    private int _thread;
    private nint _stack;
    private int _ticksUntilCheck;
    private int _calls;

    /// <summary>Why the host stopped the script; <see langword="null"/> if it did not.</summary>
    public string? Stopped { get; private set; }

    /// <summary>Whether the script must end: it was stopped or superseded, or its domain no longer exists.</summary>
    public bool Ending { get; private set; }

    public void End() => Ending = true;

    /// <summary>Starts to measure: the script is computing from here on.</summary>
    public void Resume()
    {
        _slice = limits.Slice;
        _began = Stopwatch.GetTimestamp();
        Rebase();
    }

    /// <summary>Stops measuring: the script has called the host.</summary>
    public void Pause()
    {
        Check();
        _computed += Stopwatch.GetElapsedTime(_began);
        _allocatedBefore = Allocated();
        if (++_calls > limits.Calls)
            Stop($"it called the host {limits.Calls} times without ending");
    }

    public void Tick()
    {
        if (Ending)
            throw Reason();
        if (Environment.CurrentManagedThreadId != _thread)
            Rebase();
        if (Allocated() > limits.Bytes)
            Stop($"it allocated more than {limits.Bytes / (1024 * 1024)} MiB");
        if (--_ticksUntilCheck <= 0)
            Check();
    }

    public unsafe void Enter()
    {
        Tick();
        // The current position of the stack. The limit is far below the real one, because unwinding a deep stack is slow.
        byte here;
        if (_stack - (nint)(&here) > MaxStackBytes || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            Stop("it calls itself without end");
    }

    public void Stop(string reason)
    {
        Stopped ??= reason;
        Ending = true;
        throw new ScriptStoppedException(Stopped);
    }

    private void Check()
    {
        _ticksUntilCheck = TicksPerCheck;
        if (cancellation.IsCancellationRequested)
        {
            Ending = true;
            throw Reason();
        }
        var elapsed = Stopwatch.GetElapsedTime(_began);
        if (elapsed > _slice && _slice == limits.Slice)
            _slice = elapsed + ExtraTime;
        else if (elapsed > _slice)
            Stop($"it computed for {limits.Slice.TotalMilliseconds:0} ms without an await");
        if (_computed + elapsed > limits.Total)
            Stop($"it computed for {limits.Total.TotalSeconds:0.#} s in total");
    }

    private Exception Reason() => Stopped is { } reason ? new ScriptStoppedException(reason) : new OperationCanceledException(cancellation);

    private long Allocated() => _allocatedBefore + GC.GetAllocatedBytesForCurrentThread() - _allocated;

    private unsafe void Rebase()
    {
        byte here;
        _stack = (nint)(&here);
        _thread = Environment.CurrentManagedThreadId;
        _allocated = GC.GetAllocatedBytesForCurrentThread();
    }
}

/// <summary>The host stops a script; the message says why.</summary>
internal sealed class ScriptStoppedException(string reason) : Exception(reason);
