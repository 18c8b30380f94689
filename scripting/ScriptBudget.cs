using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Actors.Scripting;

/// <summary>What a run of a script may use.</summary>
/// <param name="Slice">Computing between two awaits.</param>
/// <param name="Total">Computing in all.</param>
/// <param name="Bytes">What it allocates in all, kept or not.</param>
/// <param name="Calls">Steps, releases and waits.</param>
internal sealed record ScriptLimits(TimeSpan Slice, TimeSpan Total, long Bytes, int Calls)
{
    public static ScriptLimits Standard { get; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), 64 * 1024 * 1024, 1000);
}

/// <summary>
/// What one run of a script has used. Computing is measured by the real clock, on a simulated one as well: there, a spin takes no time at all.
/// </summary>
internal sealed class ScriptBudget(ScriptLimits limits, CancellationToken cancellation)
{
    private const int TicksPerLook = 16;
    private const int DeepestStack = 128 * 1024;

    // A machine that slept is no script that spins: who is late gets this much more, once a slice, to come to an end.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(20);

    private TimeSpan _computed;
    private TimeSpan _slice;
    private long _began;
    private long _allocated;
    private long _allocatedBefore;
    private int _thread;
    private nint _stack;
    private int _untilLook;
    private int _calls;

    /// <summary>Why the host stopped it; <see langword="null"/> while it did not.</summary>
    public string? Stopped { get; private set; }

    /// <summary>It is to end: stopped, superseded, or its domain is gone.</summary>
    public bool Ending { get; private set; }

    public void End() => Ending = true;

    /// <summary>The script computes from here.</summary>
    public void Resume()
    {
        _slice = limits.Slice;
        _began = Stopwatch.GetTimestamp();
        Rebase();
    }

    /// <summary>The script has called the host.</summary>
    public void Pause()
    {
        Look();
        _computed += Stopwatch.GetElapsedTime(_began);
        _allocatedBefore = Allocated();
        if (++_calls > limits.Calls)
            Stop($"it called the host {limits.Calls} times and came to no end");
    }

    public void Tick()
    {
        if (Ending)
            throw Reason();
        if (Environment.CurrentManagedThreadId != _thread)
            Rebase();
        if (Allocated() > limits.Bytes)
            Stop($"it allocated more than {limits.Bytes / (1024 * 1024)} MiB");
        if (--_untilLook <= 0)
            Look();
    }

    public unsafe void Enter()
    {
        Tick();
        // Where the stack is now. Far from its end, because an exception takes its time to climb out of a deep one.
        byte here;
        if (_stack - (nint)(&here) > DeepestStack || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            Stop("it calls itself without end");
    }

    public void Stop(string reason)
    {
        Stopped ??= reason;
        Ending = true;
        throw new ScriptStoppedException(Stopped);
    }

    private void Look()
    {
        _untilLook = TicksPerLook;
        if (cancellation.IsCancellationRequested)
        {
            Ending = true;
            throw Reason();
        }
        var elapsed = Stopwatch.GetElapsedTime(_began);
        if (elapsed > _slice && _slice == limits.Slice)
            _slice = elapsed + Late;
        else if (elapsed > _slice)
            Stop($"it computed for {limits.Slice.TotalMilliseconds:0} ms without an await");
        if (_computed + elapsed > limits.Total)
            Stop($"it computed for {limits.Total.TotalSeconds:0.#} s in all");
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

/// <summary>The host stops a script.</summary>
internal sealed class ScriptStoppedException(string reason) : Exception(reason);
