namespace Actors.Sim.Clock;

/// <summary>Runs a clock at the pace of real time on its own thread until it is disposed.</summary>
internal sealed class RealTimeLoop : IAsyncDisposable
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RealTimeLoop(SimulationClock clock)
    {
        new Thread(() => Run(clock)) { IsBackground = true, Name = "simulated host" }.Start();
    }

    /// <summary>Completes when the loop ends; faults when an event of the world threw an exception.</summary>
    public Task Completion => _ended.Task;

    public async ValueTask DisposeAsync()
    {
        _stop.TrySetResult();
        await Completion;
    }

    private void Run(SimulationClock clock)
    {
        try
        {
            clock.Run(() => _stop.Task, Timeout.InfiniteTimeSpan, Pace.Real);
            _ended.SetResult();
        }
        catch (Exception error)
        {
            _ended.SetException(error);
        }
    }
}
