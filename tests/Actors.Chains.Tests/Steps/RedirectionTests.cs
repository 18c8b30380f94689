using Actors.Chains.Steps;
using Actors.Sdk;

namespace Actors.Chains.Tests.Steps;

/// <summary>How a newer target reaches the actors that are still engaged.</summary>
internal sealed class RedirectionTests
{
    [Test]
    public async Task The_actor_that_engaged_last_has_a_head_start()
    {
        var pending = new TaskCompletionSource<Outcome>();
        var world = new StepWorld("a", "b").Add("a", StepWorld.HoldsAlone).Add("b", () => pending.Task);

        var start = StartAsync(world, "b", "a");
        world.Time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.That(world.Calls, Is.EqualTo(new[] { "b 1024" }));
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(world.Calls, Is.EqualTo(new[] { "b 1024", "a 1024" }));

        pending.SetResult(Outcome.Short(StepWorld.Half, "b"));
        var redirection = await start;
        await redirection.DisposeAsync();
        Assert.That(redirection.Outcomes.Keys, Is.EquivalentTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task An_actor_that_has_its_target_already_is_left_alone()
    {
        var world = new StepWorld("a").Add("a", StepWorld.HoldsAlone);
        world.Domain.Engaged.Add("a", Kib.FromGiB(1));

        await using var redirection = await StartAsync(world, "a");

        Assert.That(world.Calls, Is.Empty);
    }

    private static Task<Redirection> StartAsync(StepWorld world, params string[] actors) =>
        Redirection.StartAsync(actors, _ => "", world.Runner, world.Domain, StepWorld.Request, default);
}
