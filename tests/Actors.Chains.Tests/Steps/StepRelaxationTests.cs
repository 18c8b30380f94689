using Actors.Chains.Steps;
using Actors.Sdk;

namespace Actors.Chains.Tests.Steps;

/// <summary>What happens after the outcome, while an earlier step catches up.</summary>
internal sealed class StepRelaxationTests
{
    [Test]
    public async Task When_a_step_holds_the_target_alone_the_later_ones_are_released_from_the_last_to_the_first()
    {
        var world = World("a", "b", "c", "d").Add("a", StepWorld.HoldsAlone);

        var outcome = await RunAsync(world, Step("a"), Step("b"), Step("c"), Step("d"));

        Assert.That(world.Calls, Is.EqualTo(new[] { "a 512", "release d", "release c", "release b" }));
        Assert.That((outcome!.Actor, outcome.Step, outcome.Reason), Is.EqualTo(("a", 1, "a caught up and holds the target alone; d, c, b released")));
        Assert.That(world.Domain.Engaged.Actors, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_step_that_must_be_kept_stays_engaged()
    {
        var world = World("a", "b", "c").Add("a", StepWorld.HoldsAlone);

        await RunAsync(world, Step("a"), Step("b", keep: true), Step("c"));

        Assert.That(world.Domain.Engaged.Actors, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task A_step_that_had_only_a_part_of_the_target_is_not_tried_alone()
    {
        var world = World("a", "b", "c").Add("a", StepWorld.HoldsAlone).Add("b", StepWorld.HoldsAlone);

        await RunAsync(world, Step("a", full: false), Step("b"), Step("c"));

        Assert.That(world.Calls, Is.EqualTo(new[] { "b 512", "release c" }));
    }

    [Test]
    public async Task The_last_engaged_step_is_not_tried_again()
    {
        var world = World("a", "b").Add("a", () => Outcome.Reached(StepWorld.Half, "")).Add("b", StepWorld.HoldsAlone);

        Assert.That(await RunAsync(world, Step("a"), Step("b"), Step("c")), Is.Null);
        Assert.That(world.Calls, Is.EqualTo(new[] { "a 512" }));
    }

    [Test]
    public async Task A_step_that_has_just_failed_is_tried_again_after_a_pause()
    {
        var world = World("a", "b").Add("a", StepWorld.HoldsAlone);
        world.Domain.Failed.Add("a");

        var run = RunAsync(world, Step("a"), Step("b"));
        world.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(world.Calls, Is.Empty);
        world.Time.Advance(TimeSpan.FromSeconds(1));

        await run;
        Assert.That(world.Calls, Is.EqualTo(new[] { "a 512", "release b" }));
    }

    private static StepWorld World(params string[] engaged)
    {
        var world = new StepWorld(engaged);
        foreach (var name in engaged)
            world.Add(name, () => Outcome.Reached(StepWorld.Half, ""));
        return world;
    }

    private static RelaxableStep Step(string name, bool full = true, bool keep = false) => new(name, full, keep);

    private static Task<Outcome?> RunAsync(StepWorld world, params RelaxableStep[] steps) =>
        StepRelaxation.RunAsync(steps, world.Runner, world.Domain, StepWorld.Request, default);
}
