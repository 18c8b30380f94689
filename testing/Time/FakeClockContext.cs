namespace Actors.Sdk.Testing;

/// <summary>Brings continuations back to the clock, so that a story stays on one thread.</summary>
internal sealed class FakeClockContext(FakeClock clock) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => clock.Post(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Waiting for the clock could wait for ever: post to it.");

    public override SynchronizationContext CreateCopy() => this;
}
