namespace Actors.Sim.Clock;

/// <summary>Brings continuations back to the clock's loop; this is what keeps a simulated world on one thread.</summary>
internal sealed class ClockContext(SimulationClock clock) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => clock.Post(d, state);

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!clock.IsLoopThread)
            throw new NotSupportedException("Waiting for the clock's loop could wait forever: post to it.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
