using Actors.Loading.Containment;
using Actors.Sdk;
using Actors.Sdk.Testing;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>The time of a call.</summary>
internal sealed class ContainedTimeTests
{
    [Test]
    public async Task A_timer_that_fires_before_the_caller_has_its_call_is_not_lost()
    {
        var domain = new FakeDomain(new FakeClock());
        var health = new PluginHealth("quick", domain.Clock);
        var actor = new ContainedActor(new ScriptedActor(async (given, _, _) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), given.Time);
            return Outcome.Short(Kib.Zero, "served");
        }), health, permissions: null, new PreemptedLane(new DirectLane(health), domain.Clock), domain.Clock);

        var outcome = await actor.ReachAsync(domain, new TargetRequest { Target = Kib.Zero }, default).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.That(outcome.Reason, Is.EqualTo("served"));
    }

    /// <summary>On a busy machine, the code of a call can be two seconds ahead of its caller.</summary>
    private sealed class PreemptedLane(ICallLane lane, FakeClock clock) : ICallLane
    {
        public ILaneCall<T> Begin<T>(Func<ILaneCall, CancellationToken, Task<T>> code, CancellationToken cancellation)
        {
            var call = lane.Begin(code, cancellation);
            clock.Advance(TimeSpan.FromSeconds(2));
            return call;
        }
    }
}
