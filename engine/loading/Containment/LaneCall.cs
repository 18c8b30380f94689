using System.Diagnostics.CodeAnalysis;

namespace Actors.Loading.Containment;

/// <summary>A part of a plugin's code, between two awaits, that waits for a slot.</summary>
internal sealed class LaneWork(LaneCall call, SendOrPostCallback code, object? state)
{
    public LaneCall Call { get; } = call;

    public void Run() => code(state);
}

/// <summary>One call on a thread lane. After an await, its code continues in the lane.</summary>
internal abstract class LaneCall(ThreadLane lane) : SynchronizationContext, ILaneCall
{
    private volatile string _whyStopped = "";
    private volatile Action<long>? _stopped;

    public ThreadLane Lane { get; } = lane;

    /// <summary>Whether its caller has stopped waiting.</summary>
    public volatile bool Abandoned;

    public string WhyStopped => _whyStopped;

    public override void Post(SendOrPostCallback d, object? state) => Lane.Queue(new LaneWork(this, d, state));

    public override SynchronizationContext CreateCopy() => this;

    public void Run(Action code) => Post(static code => ((Action)code!)(), code);

    public void Abandon()
    {
        Abandoned = true;
        Lane.Ended(this);
        Forget();
    }

    /// <summary>Sets the reason for stopping it, and the callback that then receives the number of bytes that the stopped part had allocated.</summary>
    public void StopBecause(string why, Action<long> stopped) => (_whyStopped, _stopped) = (why, stopped);

    public void Stopped(long allocated) => _stopped?.Invoke(allocated);

    /// <summary>Call it when a part has ended; <paramref name="error"/> is what it threw outside of any task.</summary>
    public abstract void PartEnded(Exception? error);

    /// <summary>Ends the call, whatever its code still does; false when it had ended before.</summary>
    public abstract bool Fail(Exception error);

    protected abstract void Forget();
}

[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and abandoned code may still use its token.")]
internal sealed class LaneCall<T> : LaneCall, ILaneCall<T>
{
    // The caller continues on the thread of the last part: that avoids a switch of threads.
    private readonly TaskCompletionSource<T> _ended = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly Func<ILaneCall, CancellationToken, Task<T>> _code;
    private readonly CancellationTokenRegistration _registration;
    private Task<T>? _task;

    public LaneCall(ThreadLane lane, Func<ILaneCall, CancellationToken, Task<T>> code, CancellationToken cancellation) : base(lane)
    {
        _code = code;
        // Callbacks that the code registered on its token are its own code, and run in the lane.
        _registration = cancellation.UnsafeRegister(
            static call => ((LaneCall<T>)call!).Post(static call => ((LaneCall<T>)call!)._cancel.Cancel(), call), this);
        Post(static call => ((LaneCall<T>)call!).Start(), this);
    }

    public Task<T> Ended => _ended.Task;

    public override void PartEnded(Exception? error)
    {
        if (error is not null && !Fail(error))
            Lane.ThrownOutside(this, error);
        else if (_task is { IsCompleted: true })
            Complete();
    }

    public override bool Fail(Exception error)
    {
        if (!_ended.TrySetException(error))
            return false;
        Lane.Ended(this);
        return true;
    }

    protected override void Forget() => _ = _ended.Task.ContinueWith(
        static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Start()
    {
        _task = _code(this, _cancel.Token);
        if (!_task.IsCompleted)
            _task.ContinueWith(static (_, call) => ((LaneCall<T>)call!).TaskEnded(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    // The code may end on another thread.
    private void TaskEnded()
    {
        if (ExecutionSlot.Current?.Call != this)
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.Complete(), this, preferLocal: false);
    }

    private void Complete()
    {
        _registration.Dispose();
        // If no caller waits for the error, it has been reported before.
        _ = _task!.Exception;
        if (_ended.TrySetFromTask(_task))
            Lane.Ended(this);
    }
}
