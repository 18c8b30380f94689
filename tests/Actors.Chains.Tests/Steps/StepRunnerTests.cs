using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Tests.Steps;

internal sealed class StepRunnerTests
{
    [TestCase(OutcomeKind.Reached, true, true)]
    [TestCase(OutcomeKind.Short, true, true)]
    [TestCase(OutcomeKind.Failed, true, true)]
    [TestCase(OutcomeKind.Unable, false, false)]
    [TestCase(OutcomeKind.Quarantined, false, true)]
    public async Task An_actor_is_engaged_unless_it_did_nothing(OutcomeKind kind, bool fresh, bool held)
    {
        Outcome Outcome() => Sdk.Outcome.Short(StepWorld.Half, "") with { Kind = kind };
        var world = new StepWorld("held").Add("fresh", Outcome).Add("held", Outcome);

        await RunAsync(world, "fresh");
        await RunAsync(world, "held");

        Assert.That((world.Domain.Engaged.Has("fresh"), world.Domain.Engaged.Has("held")), Is.EqualTo((fresh, held)));
        Assert.That(world.Domain.Failed.Contains("fresh"), Is.EqualTo(kind == OutcomeKind.Failed));
    }

    [Test]
    public void The_actors_outside_a_step_are_listed_from_the_last_to_the_first() =>
        Assert.That(new StepWorld("a", "b", "c").Runner.EngagedOutside("b", new StepWorld("a", "b", "c").Domain), Is.EqualTo(new[] { "c", "a" }));

    [Test]
    public async Task An_engaged_actor_that_is_called_again_has_its_new_target()
    {
        var world = new StepWorld("a").Add("a", StepWorld.HoldsAlone).Add("b", StepWorld.HoldsAlone);

        await world.Runner.RequestAgainAsync("a", world.Domain, StepWorld.Request, default);
        await world.Runner.RequestAgainAsync("b", world.Domain, StepWorld.Request, default);

        Assert.That((world.Domain.Engaged.TargetOf("a"), world.Domain.Engaged.Has("b")), Is.EqualTo(((Kib?)StepWorld.Half, false)));
    }

    private static Task<StepResult> RunAsync(StepWorld world, string name) =>
        world.Runner.RunAsync(1, name, TimeLimits.None, world.Domain, StepWorld.Request, default);
}
