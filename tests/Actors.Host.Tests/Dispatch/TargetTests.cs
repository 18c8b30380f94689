using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Dispatch;

/// <summary>The outcome of targets with the shipped plugins and policies.</summary>
internal sealed class TargetTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly BalloonSpec Slow = new() { Rate = Rate.MiBPerSecond(4) };

    [Test]
    public void A_cooperative_guest_is_brought_to_its_target_by_its_balloon() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");

        var state = await world.ReachAsync(domid, Half);

        Assert.Multiple(() =>
        {
            Assert.That((state.Outcome, state.Actor, state.Step), Is.EqualTo(("reached", "balloon", 1)));
            Assert.That((world.Footprint(domid) - Half).Abs(), Is.LessThanOrEqualTo(Kib.FromMiB(1)));
            Assert.That(world.Info(domid).MaxMem, Is.LessThanOrEqualTo(Half + Kib.FromMiB(2)), "max_mem follows");
        });
    });

    [Test]
    public void A_target_grows_again_past_the_last_max_mem() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);

        var state = await world.ReachAsync(domid, Kib.FromMiB(900));

        Assert.That((state.Outcome, (world.Footprint(domid) - Kib.FromMiB(900)).Abs() <= Kib.FromMiB(1)), Is.EqualTo(("reached", true)));
    });

    [Test]
    public void A_slow_guest_is_paged_and_relaxed_when_its_balloon_catches_up() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("slow", balloon: Slow);

        var paged = await world.ReachAsync(domid, Half);
        Assert.Multiple(() =>
        {
            Assert.That((paged.Outcome, paged.Actor, paged.Step), Is.EqualTo(("reached", "paging", 2)));
            Assert.That(world.Info(domid).PagedPages, Is.GreaterThan(Pages.Zero));
            Assert.That(paged.Engaged, Is.EqualTo(new[] { "balloon", "paging" }));
        });

        var settled = await world.StateAsync(domid, state => state.Actor == "balloon" && state.Final);
        Assert.Multiple(() =>
        {
            Assert.That(settled.Outcome, Is.EqualTo("reached"));
            Assert.That(world.Info(domid).PagedPages, Is.EqualTo(Pages.Zero), "every page is back");
            Assert.That((world.Footprint(domid) - Half).Abs(), Is.LessThanOrEqualTo(Kib.FromMiB(1)));
            Assert.That(settled.Engaged, Is.EqualTo(new[] { "balloon" }));
        });
    });

    [Test]
    public void A_guest_without_a_driver_that_cannot_be_paged_is_short_with_both_reasons() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("old", DomainKind.Pv, new BalloonSpec { Behaviour = BalloonBehaviour.None });

        var state = await world.ReachAsync(domid, Half);

        Assert.Multiple(() =>
        {
            Assert.That(state.Outcome, Is.EqualTo("short"));
            Assert.That(state.Reason, Does.Contain("no balloon driver").And.Contain("PV"));
        });
    });

    [Test]
    public void A_domain_with_an_external_actor_is_left_alone_and_its_state_says_so() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("theirs");
        await world.SetAsync(domid, "actor", "squeezed");
        await world.SetTargetAsync(domid, Half);
        var before = world.Footprint(domid);

        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.External);
        await world.AfterAsync(120);

        Assert.Multiple(() =>
        {
            Assert.That(state.Reason, Does.Contain("left alone"));
            Assert.That(world.Footprint(domid), Is.EqualTo(before));
            Assert.That(world.Journal, Is.Empty);
        });
    });

    [Test]
    public void A_burst_of_targets_costs_few_runs_and_the_last_one_wins() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        for (var i = 0; i < 200; i++)
        {
            await world.SetTargetAsync(domid, Kib.FromMiB(900 - i));
            await world.AfterAsync(0.004);
        }

        var state = await world.StateAsync(domid, state => state.Final && state.Target == Kib.FromMiB(701));

        Assert.Multiple(() =>
        {
            Assert.That(state.Outcome, Is.EqualTo("reached"));
            Assert.That(world.Journal, Has.Count.LessThanOrEqualTo(6));
        });
    });

    [Test]
    public void A_new_actor_key_during_a_run_releases_the_first_actor() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1", balloon: Slow);
        await world.SetAsync(domid, "actor", "xl:balloon");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);
        var before = await world.DomainZero.ReadTextAsync($"/local/domain/{domid}/memory/target");

        await world.SetAsync(domid, "actor", "paging");
        var state = await world.StateAsync(domid, state => state.Final && state.Actor == "paging");

        var after = await world.DomainZero.ReadTextAsync($"/local/domain/{domid}/memory/target");

        Assert.Multiple(() =>
        {
            Assert.That(state.Outcome, Is.EqualTo("reached"));
            Assert.That(after, Is.Not.EqualTo(before), "the balloon releases the domain");
            Assert.That(state.Engaged, Is.EqualTo(new[] { "paging" }));
            Assert.That(world.Journal[0].Outcome, Is.EqualTo("superseded"));
        });
    });

    [Test]
    public void A_target_on_a_paused_domain_waits_with_a_reason_and_is_acted_on_when_it_runs() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.Toolstack.PauseAsync(domid);
        var refused = await world.ReachAsync(domid, Half);
        Assert.That((refused.Outcome, refused.Reason), Is.EqualTo(("unable", "the domain is paused ('xl unpause' resumes it); waiting for the domain to run; retried automatically")));

        await world.AfterAsync(60);
        await world.Toolstack.UnpauseAsync(domid);
        var state = await world.StateAsync(domid, state => state.Outcome == "reached");

        Assert.That((state.Actor, world.Journal.Count), Is.EqualTo(("balloon", 2)));
    });

    [Test]
    public void A_bad_target_is_rejected_and_does_not_stop_the_current_run() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1", balloon: Slow);
        await world.SetAsync(domid, "actor", "xl:balloon");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(5);

        await world.SetAsync(domid, "target", "lots");
        var refused = await world.StateAsync(domid, state => state.Outcome == "unable");
        await world.AfterAsync(600);
        var last = await world.StateAsync(domid);

        Assert.Multiple(() =>
        {
            Assert.That(refused.Reason, Does.Contain("'lots' is not a number of KiB"));
            Assert.That(last!.Outcome, Is.EqualTo("unable"), "the state still describes the target in the key");
            Assert.That((world.Footprint(domid) - Half).Abs(), Is.LessThanOrEqualTo(Kib.FromMiB(1)), "and the work went on");
        });
    });

    [Test]
    public void A_target_that_a_guest_could_have_written_is_refused() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);
        await world.DomainZero.SetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Target), new(new(0, NodeAccess.None), new NodePermission(domid, NodeAccess.Both)));

        var state = await world.StateAsync(domid, state => state.Outcome == "unable");

        Assert.That(state.Reason, Does.Contain("a guest could have written it"));
    });

    [Test]
    public void The_guest_may_read_target_and_outcome_but_not_the_reason_and_may_write_nothing() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);
        var guest = world.Machine.Connect(domid);

        Assert.That(await guest.ReadTextAsync("memory-policy/target"), Is.EqualTo("524288"));
        Assert.That(StateKey.Parse(await guest.ReadTextAsync("memory-policy/state")), Is.Not.Null
            .And.Property("Outcome").EqualTo("reached").And.Property("Reason").Empty, "reasons are for dom0");
        await Assert.ThatAsync(async () => await guest.ReadTextAsync("memory-policy/reason"), Throws.TypeOf<XenStoreException>());
        await Assert.ThatAsync(async () => await guest.WriteTextAsync("memory-policy/target", "1"),
            Throws.TypeOf<XenStoreException>().With.Property(nameof(XenStoreException.Error)).EqualTo(XenStoreError.AccessDenied));
    });

    [Test]
    public void A_restarted_host_resumes_running_targets_and_acts_on_those_written_meanwhile() => TestWorld.Run(async world =>
    {
        var first = await world.StartHostAsync();
        var running = await world.CreateAsync("running", balloon: Slow);
        var unseen = await world.CreateAsync("unseen");
        await world.SetAsync(running, "actor", "xl:balloon");
        await world.SetTargetAsync(running, Half);
        await world.AfterAsync(20);
        await first.DisposeAsync();
        await world.SetTargetAsync(unseen, Half);
        await world.AfterAsync(20);

        await using var second = await world.StartHostAsync();

        Assert.That((await world.StateAsync(unseen, state => state.Final)).Outcome, Is.EqualTo("reached"));
        Assert.That((await world.StateAsync(running, state => state.Final)).Outcome, Is.EqualTo("reached"));
    });

    [Test]
    public void One_guest_that_never_moves_does_not_delay_two_hundred_others() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var stuck = await world.CreateAsync("stuck", DomainKind.Pv, new BalloonSpec { Behaviour = BalloonBehaviour.Refuses }, boot: false);
        var others = new List<int>();
        for (var i = 0; i < 199; i++)
            others.Add(await world.CreateAsync($"web-{i}", boot: false));
        await world.AfterAsync(5);
        foreach (var domid in others.Prepend(stuck))
            await world.SetTargetAsync(domid, Half);

        await world.AfterAsync(5);

        foreach (var domid in others)
            Assert.That((await world.StateAsync(domid))?.Outcome, Is.EqualTo("reached"), $"domain {domid}");
        Assert.That((await world.StateAsync(stuck, state => state.Final)).Outcome, Is.EqualTo("short"));
    }, new HostSpec { Memory = Kib.FromGiB(256) });

    [Test]
    public void A_domain_destroyed_during_a_run_leaves_no_keys() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1", balloon: Slow);
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);

        await world.Toolstack.DestroyAsync(domid);
        await world.AfterAsync(60);

        Assert.That(await world.DomainZero.ListAsync("/local/domain"), Does.Not.Contain($"{domid}"));
    });

    [Test]
    public void A_rebooted_domain_is_watched_under_its_new_number() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var before = await world.CreateAsync("web-1");
        await world.ReachAsync(before, Half);

        var after = (await world.Toolstack.RebootAsync(before)).Domid;
        await world.AfterAsync(5);

        Assert.That((await world.ReachAsync(after, Kib.FromMiB(700))).Outcome, Is.EqualTo("reached"));
    });

    [Test]
    public void A_floor_set_later_applies_and_a_removed_one_no_longer_does() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Kib.FromMiB(800));

        await world.SetAsync(domid, "floor", "716800");
        await world.AfterAsync(1);
        Assert.That((await world.ReachAsync(domid, Half)).Reason, Does.Contain("below the floor of 700 MiB (memory-policy/floor)"));

        await world.DomainZero.RemoveAsync(PolicyKeys.Of(domid, PolicyKeys.Floor));
        Assert.That((await world.StateAsync(domid, state => state.Outcome == "reached" && state.Target == Half)).Actor, Is.EqualTo("balloon"));
    });
}
