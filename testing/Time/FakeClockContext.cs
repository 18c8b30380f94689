namespace Actors.Sdk.Testing;

/// <summary>Runs continuations on the clock, so that a test stays on one thread.</summary>
internal sealed class FakeClockContext(FakeClock clock) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => clock.Post(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A Send would wait for the clock forever; use Post.");

    public override SynchronizationContext CreateCopy() => this;
}
