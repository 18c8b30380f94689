using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>The balloon actor with guests as they behave in practice.</summary>
internal sealed class BalloonActorTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly BalloonSpec Slow = new() { Rate = Rate.MiBPerSecond(4) };

    [Test]
    public void The_offset_of_a_guest_with_a_graphics_card_is_learned_once_and_survives_the_daemon() => TestWorld.Run(async world =>
    {
        var domid = await world.CreateAsync("desktop", DomainKind.Hvm);
        await using (await world.StartHostAsync())
            await BalloonAsync(world, domid, Half);
        // Learning a second time would give a wrong offset, because the guest is far from its target.
        await world.Toolstack.WriteAsync(domid, "memory/videoram", "0");
        await using var second = await world.StartHostAsync();

        var state = await BalloonAsync(world, domid, Kib.FromMiB(700));

        Assert.That((state.Outcome, world.Footprint(domid)), Is.EqualTo(("reached", Kib.FromMiB(700))));
        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Kib.FromMiB(700 - 9)), "8 MiB of video memory and 1 MiB of special pages are beyond the driver's control");
    });

    [TestCase("offset=999999999 found=x asked=-")]
    [TestCase("offset=-999999999")]
    [TestCase("not an offset")]
    public void A_foreign_value_in_the_actors_own_key_does_not_mislead_it(string notes) => TestWorld.Run(async world =>
    {
        var domid = await world.CreateAsync("web-1");
        await using var host = await world.StartHostAsync();
        await BalloonAsync(world, domid, Kib.FromMiB(700));
        await world.SetAsync(domid, "balloon", notes);

        var state = await BalloonAsync(world, domid, Half);

        Assert.That((state.Outcome, world.Footprint(domid)), Is.EqualTo(("reached", Half)));
        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Half - Kib.FromMiB(1)));
    });

    [TestCase(null, "never published control/feature-balloon")]
    [TestCase("1", "although it published control/feature-balloon")]
    public void A_guest_that_does_not_move_is_reported_after_five_seconds(string? feature, string words) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("stuck", balloon: new BalloonSpec { Behaviour = BalloonBehaviour.Refuses });
        if (feature is not null)
            await world.Toolstack.WriteAsync(domid, DomainKeys.FeatureBalloon, feature);
        var begun = world.Elapsed;

        var state = await BalloonAsync(world, domid, Half);

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Does.Contain(words));
        Assert.That(world.Elapsed - begun, Is.LessThan(TimeSpan.FromSeconds(6)));
    });

    [Test]
    public void A_guest_that_is_paused_during_a_run_is_reported_at_once() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("slow", balloon: Slow);
        await world.SetAsync(domid, "actor", "balloon");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);

        await world.Toolstack.PauseAsync(domid);
        await world.AfterAsync(1);

        Assert.That((await world.StateAsync(domid))!.Reason,
            Is.EqualTo("the domain is paused, so its balloon driver cannot act; unpause it (xl unpause); waiting for the domain to run; retried automatically"));
    });

    [TestCase("balloon", 0.3)]
    [TestCase("balloon", 600)]
    [TestCase("xl:balloon", 0.3)]
    [TestCase("xl:balloon", 600)]
    public void A_guest_that_is_paused_during_a_run_continues_when_it_is_unpaused(string actor, double pause) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("slow", balloon: Slow);
        await world.SetAsync(domid, "actor", actor);
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);
        await world.Toolstack.PauseAsync(domid);
        await world.AfterAsync(pause);

        await world.Toolstack.UnpauseAsync(domid);

        await world.StateAsync(domid, state => state is { Outcome: "reached", Actor: "balloon" } && state.Target == Half);
        Assert.That((world.Footprint(domid) - Half).Abs(), Is.LessThanOrEqualTo(Kib.FromMiB(1)));
    });

    [Test]
    public void A_second_writer_is_left_alone_until_the_target_is_set_again() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("contested", balloon: Slow);
        await world.SetAsync(domid, "actor", "balloon");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);

        await world.Toolstack.WriteAsync(domid, "memory/target", "921600");
        var yielded = await world.StateAsync(domid, state => state.Final);
        await world.AfterAsync(300);

        Assert.That(yielded.Outcome, Is.EqualTo("drifted"));
        Assert.That(yielded.Reason, Does.Contain("another program").And.Contain("memory/target = 921600 (900 MiB)"));
        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Kib.FromMiB(900)), "it belongs to the other program");

        Assert.That((await world.ReachAsync(domid, Kib.FromMiB(800))).Outcome, Is.EqualTo("reached"));
        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Kib.FromMiB(799)));
    });

    [Test]
    public void A_chain_leaves_a_domain_alone_that_a_second_writer_controls() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("contested", balloon: Slow);
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);
        await world.Toolstack.WriteAsync(domid, "memory/target", "921600");

        var state = await world.StateAsync(domid, state => state.Final);
        await world.AfterAsync(1800);

        Assert.That((state.Outcome, state.Actor), Is.EqualTo(("drifted", "balloon")));
        Assert.That(world.Info(domid).PagedPages, Is.EqualTo(Pages.Zero), "no later step works against the other program");
        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Kib.FromMiB(900)));
    });

    [Test]
    public void The_target_of_a_second_writer_is_not_undone_on_release() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("contested");
        await BalloonAsync(world, domid, Half);
        await world.Toolstack.WriteAsync(domid, "memory/target", "307200");

        await world.SetAsync(domid, "actor", "external");
        await world.StateAsync(domid, state => state.Outcome == "external");

        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Kib.FromMiB(300)));
    });

    private static async Task<StateKey> BalloonAsync(TestWorld world, int domid, Kib target)
    {
        await world.SetAsync(domid, "actor", "balloon");
        return await world.ReachAsync(domid, target);
    }

    private static async Task<Kib> TargetAsync(TestWorld world, int domid) =>
        new(long.Parse(await world.DomainZero.ReadTextAsync($"/local/domain/{domid}/memory/target"), System.Globalization.CultureInfo.InvariantCulture));
}
