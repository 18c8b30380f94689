using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Dispatch;

/// <summary>Another program writes <c>memory/target</c>. It wins until a target is written.</summary>
internal sealed class SecondWriterTests
{
    private const string Foreign = "786432";

    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly BalloonSpec Slow = new() { Rate = Rate.MiBPerSecond(10) };

    [Test]
    public void After_the_target_was_reached_the_state_says_so_within_seconds() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);

        await WriteAsync(world, domid, Foreign);
        await world.AfterAsync(2);
        var state = await world.StateAsync(domid);
        await world.AfterAsync(10);

        Assert.That(state!.Outcome, Is.EqualTo(StateKey.Drifted));
        Assert.That(state.Reason, Does.Match("another program .* wrote memory/target = 786432 \\(768 MiB\\) over 52[0-9]{4} .* at [0-9:]{8} UTC; the domain is left alone"));
        Assert.That((await world.StateAsync(domid))!.Footprint!.Value.Value, Is.EqualTo(Kib.FromMiB(768).Value).Within(1024), "the footprint is the current one");
        Assert.That(world.Journal.Last().Outcome, Is.EqualTo(StateKey.Drifted));
        Assert.That(world.Logged, Has.One.StartsWith($"info: {domid}: drifted: target 512 MiB"));
        await AssertLeftAloneAsync(world, domid);
    });

    [TestCase(0.3)]
    [TestCase(8)]
    public void During_the_run_it_ends_the_run(double seconds) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1", balloon: Slow);
        await world.SetAsync(domid, "actor", "xl:balloon");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(seconds);

        await WriteAsync(world, domid, Foreign);
        await world.AfterAsync(2);

        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo(StateKey.Drifted));
        await AssertLeftAloneAsync(world, domid);
    });

    [Test]
    public void Between_the_target_and_the_first_move_of_the_actor_it_wins_too() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);
        await world.AfterAsync(30);

        // Both events wait in the queue when the host looks.
        await Task.WhenAll(world.SetTargetAsync(domid, Kib.FromMiB(600)), WriteAsync(world, domid, Foreign));
        await world.AfterAsync(3);

        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo(StateKey.Drifted));
        await AssertLeftAloneAsync(world, domid);
    });

    [Test]
    public void After_a_short_outcome_neither_a_policy_nor_a_plugin_nor_a_setting_undoes_it() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1", balloon: new BalloonSpec { StopsAt = Kib.FromMiB(700) });
        await world.SetAsync(domid, "actor", "xl:balloon");
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Short));
        await WriteAsync(world, domid, "1048576");
        await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);

        await host.ReloadAsync();
        await world.SetAsync(domid, "timeout", "77");
        await world.AfterAsync(5);
        await world.SetAsync(domid, "floor", "200000");
        await world.AfterAsync(5);
        await world.SetAsync(domid, "actor", "xl:balloon-then-paging");
        await world.AfterAsync(60);

        await AssertLeftAloneAsync(world, domid, "1048576");
        Assert.That(world.Journal.Count(entry => entry.Outcome == StateKey.Drifted), Is.EqualTo(1), "it is reported once");
    });

    [Test]
    public void A_restart_of_the_daemon_does_not_undo_it() => TestWorld.Run(async world =>
    {
        int domid;
        StateKey before;
        await using (await world.StartHostAsync())
        {
            domid = await ReachedAsync(world);
            await WriteAsync(world, domid, Foreign);
            before = await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);
        }

        await using var host = await world.StartHostAsync();
        await world.AfterAsync(60);

        var after = (await world.StateAsync(domid))!;
        Assert.That((after.Outcome, after.Reason, after.Since), Is.EqualTo((before.Outcome, before.Reason, before.Since)));
        await AssertLeftAloneAsync(world, domid);
    });

    [TestCase(false)]
    [TestCase(true)]
    public void A_reboot_or_save_and_restore_of_the_domain_does_not_undo_it(bool saved) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var before = await ReachedAsync(world);
        await WriteAsync(world, before, Foreign);
        await world.StateAsync(before, state => state.Outcome == StateKey.Drifted);

        var domid = (saved ? await world.Toolstack.SaveAndRestoreAsync(before) : await world.Toolstack.RebootAsync(before)).Domid;
        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);
        var footprint = world.Footprint(domid);
        await world.AfterAsync(120);

        Assert.That(state.Reason, Does.Contain("wrote memory/target = 786432 (768 MiB) earlier; the domain is left alone"));
        Assert.That((world.Footprint(domid), (await world.StateAsync(domid))!.Outcome), Is.EqualTo((footprint, StateKey.Drifted)));
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Reached));
    });

    [Test]
    public void What_was_written_while_no_daemon_ran_is_found_at_the_start() => TestWorld.Run(async world =>
    {
        int domid;
        await using (await world.StartHostAsync())
            domid = await ReachedAsync(world);
        await WriteAsync(world, domid, Foreign);

        await using var host = await world.StartHostAsync();
        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);

        Assert.That(state.Reason, Does.Contain("while no daemon was watching"));
        await AssertLeftAloneAsync(world, domid);
    });

    [Test]
    public void A_target_that_was_written_while_no_daemon_ran_takes_the_domain_back() => TestWorld.Run(async world =>
    {
        int domid;
        await using (await world.StartHostAsync())
        {
            domid = await ReachedAsync(world);
            await WriteAsync(world, domid, Foreign);
            await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);
        }
        await world.SetTargetAsync(domid, Kib.FromMiB(600));

        await using var host = await world.StartHostAsync();

        await world.StateAsync(domid, state => state.Outcome == StateKey.Reached && state.Target == Kib.FromMiB(600));
        Assert.That(await LeftAloneAsync(world, domid), Is.Null);
    });

    [TestCase(512)]
    [TestCase(600)]
    public void A_target_that_is_written_takes_the_domain_back_even_the_same_one(int mebibytes) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);
        await WriteAsync(world, domid, Foreign);
        await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);

        var state = await world.ReachAsync(domid, Kib.FromMiB(mebibytes));

        Assert.That(state.Outcome, Is.EqualTo(StateKey.Reached));
        Assert.That(await LeftAloneAsync(world, domid), Is.Null);
        await world.AfterAsync(60);
        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo(StateKey.Reached));
    });

    [Test]
    public void A_target_that_is_rejected_takes_the_domain_back_after_a_restart_too() => TestWorld.Run(async world =>
    {
        int domid;
        await using (await world.StartHostAsync())
        {
            domid = await ReachedAsync(world);
            await WriteAsync(world, domid, Foreign);
            await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);
            await world.ReachAsync(domid, Kib.FromMiB(1));
        }
        await using var host = await world.StartHostAsync();

        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Reached));
    });

    [Test]
    public void Another_value_of_the_other_program_is_reported_again() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);
        await WriteAsync(world, domid, Foreign);
        await world.StateAsync(domid, state => state.Reason.Contains(Foreign));

        await WriteAsync(world, domid, "800000");
        await world.StateAsync(domid, state => state.Reason.Contains("800000"));

        await AssertLeftAloneAsync(world, domid, "800000");
    });

    [Test]
    public void An_external_actor_and_a_domain_without_a_target_are_never_marked() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var external = await ReachedAsync(world, "external");
        await world.SetAsync(external, "actor", "squeezed");
        await world.StateAsync(external, state => state.Outcome == StateKey.External);
        var without = await ReachedAsync(world, "without");
        await world.Toolstack.RemoveAsync(without, "memory-policy/target");
        await world.StateAsync(without, state => state.Target is null);

        await WriteAsync(world, external, Foreign);
        await WriteAsync(world, without, Foreign);
        await world.AfterAsync(30);

        Assert.That(await LeftAloneAsync(world, external), Is.Null);
        Assert.That(await LeftAloneAsync(world, without), Is.Null);
        Assert.That(world.Journal.Select(entry => entry.Outcome), Has.None.EqualTo(StateKey.Drifted));
    });

    [Test]
    public void A_guest_cannot_claim_that_another_program_controls_its_balloon() => TestWorld.Run(async world =>
    {
        var domid = await world.CreateAsync("liar");
        var folder = PolicyKeys.Of(domid);
        await world.DomainZero.MakeDirectoryAsync(folder);
        await world.DomainZero.SetPermissionsAsync(folder, new(new(domid, NodeAccess.None), new NodePermission(0, NodeAccess.Both)));
        await world.DomainZero.WriteTextAsync($"{folder}/left-alone", "1048576");
        await world.DomainZero.WriteTextAsync($"{folder}/balloon-target", "1");

        await using var host = await world.StartHostAsync();
        await world.SetAsync(domid, "actor", "xl:balloon");

        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Reached));
    });

    [Test]
    public void What_actors_write_themselves_is_never_taken_for_another_program() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "xl:balloon");
        for (var target = 500; target < 560; target++)
        {
            await world.SetTargetAsync(domid, Kib.FromMiB(target));
            await world.AfterAsync(target % 7 * 0.31);
        }
        await world.StateAsync(domid, state => state.Outcome == StateKey.Reached && state.Target == Kib.FromMiB(559));
        await world.AfterAsync(30);

        Assert.That(world.Journal.Select(entry => entry.Outcome), Has.None.EqualTo(StateKey.Drifted));
        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo(StateKey.Reached));
    });

    private static async Task<int> ReachedAsync(TestWorld world, string name = "web-1")
    {
        var domid = await world.CreateAsync(name);
        await world.SetAsync(domid, "actor", "xl:balloon");
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Reached));
        return domid;
    }

    // As xl mem-set does.
    private static async Task WriteAsync(TestWorld world, int domid, string value)
    {
        await world.Toolstack.WriteAsync(domid, "memory/target", value);
        await world.Toolstack.SetMaxMemAsync(domid, new Kib(long.Parse(value, CultureInfo.InvariantCulture)) + Kib.FromMiB(1));
    }

    private static async Task<string?> LeftAloneAsync(TestWorld world, int domid) =>
        await world.DomainZero.TryReadTextAsync(PolicyKeys.Of(domid, "left-alone"));

    private static async Task AssertLeftAloneAsync(TestWorld world, int domid, string value = Foreign)
    {
        await world.AfterAsync(120);
        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo(StateKey.Drifted));
        Assert.That(await world.DomainZero.TryReadTextAsync($"/local/domain/{domid}/memory/target"), Is.EqualTo(value));
        Assert.That(await LeftAloneAsync(world, domid), Is.EqualTo(value));
    }
}
