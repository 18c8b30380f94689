using Actors.Dispatch;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Host.Tests.Loading.Containment;
using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch;

/// <summary>What the state says stays true after the outcome.</summary>
internal sealed class LiveStateTests
{
    private static readonly Kib Half = Kib.FromMiB(512);

    [Test]
    public void A_guest_that_moves_on_its_own_has_drifted_and_is_brought_back() => TestWorld.Run(async world =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(OnDrift.Retry, world));
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);

        Shrink(world, domid);
        await world.AfterAsync(12);

        var drifted = world.Journal.Single(entry => entry.Outcome == StateKey.Drifted);
        Assert.That(drifted.Reason, Does.Contain("left the target of 512 MiB and is 462 MiB, 50 MiB below it").And.Contain("on_drift: retry"));
        var back = await world.StateAsync(domid, state => state.Outcome == StateKey.Reached);
        Assert.That(back.Footprint!.Value.Value, Is.EqualTo(Half.Value).Within(1024));
    });

    [Test]
    public void A_guest_that_moves_again_and_again_is_brought_back_at_growing_intervals() => TestWorld.Run(async world =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(OnDrift.Retry, world));
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);

        for (var second = 0; second < 1800; second++)
        {
            if ((await world.StateAsync(domid))!.Outcome == StateKey.Reached)
                Shrink(world, domid);
            await world.AfterAsync(1);
        }

        Assert.That(world.Journal.Count(entry => entry.Outcome == StateKey.Reached), Is.InRange(8, 16), "1, 2, 4, … 256, 300, 300 s");
    });

    [Test]
    public void With_on_drift_report_a_drift_is_only_reported_and_ends_when_the_guest_comes_back() => TestWorld.Run(async world =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(OnDrift.Report, world));
        var domid = await world.CreateAsync("web-1");
        await world.ReachAsync(domid, Half);

        Shrink(world, domid);
        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.Drifted);
        await world.AfterAsync(600);

        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo(StateKey.Drifted));
        Assert.That(state.Reason, Does.Contain("on_drift: report"));

        world.Machine.Find(domid)!.Deflate(Kib.FromMiB(50).ToPages());
        Assert.That((await world.StateAsync(domid, state => state.Outcome == StateKey.Reached)).Reason, Does.Contain("is back at the target"));
    });

    [Test]
    public void A_pager_that_is_killed_long_after_the_outcome_is_noticed_without_a_report() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("killed-late", balloon: new BalloonSpec { Behaviour = BalloonBehaviour.Refuses });
        Assert.That((await world.ReachAsync(domid, Half)).Actor, Is.EqualTo("paging"));
        await world.AfterAsync(300);

        await world.Toolstack.KillPagerAsync(domid);
        await world.AfterAsync(12);
        var state = (await world.StateAsync(domid))!;
        var next = await world.ReachAsync(domid, Kib.FromMiB(900));
        await world.AfterAsync(600);

        foreach (var failed in new[] { state, next, await world.StateAsync(domid) })
        {
            Assert.That(failed!.Outcome, Is.EqualTo(StateKey.Failed));
            Assert.That(failed.Reason, Does.Match("51[0-9] MiB that it had paged out are lost.*restart the guest"));
        }
        Assert.That(world.Journal.Count(entry => entry.Outcome == StateKey.Failed), Is.EqualTo(2), "once for each target");
    });

    [Test]
    public void The_loss_of_a_pager_is_still_reported_after_a_restart_of_the_daemon() => TestWorld.Run(async world =>
    {
        int domid;
        await using (await world.StartHostAsync())
        {
            domid = await world.CreateAsync("killed", balloon: new BalloonSpec { Behaviour = BalloonBehaviour.Refuses });
            await world.ReachAsync(domid, Half);
        }
        await world.Toolstack.KillPagerAsync(domid);

        await using var host = await world.StartHostAsync();

        Assert.That((await world.StateAsync(domid, state => state.Outcome == StateKey.Failed)).Reason, Does.Contain("are lost"));
    });

    [Test]
    public void A_crash_after_the_outcome_changes_the_outcome() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);
        await world.AfterAsync(60);

        await world.Toolstack.CrashAsync(domid);
        await world.AfterAsync(12);
        var state = await world.StateAsync(domid);
        await world.AfterAsync(60);

        Assert.That(state!.Outcome, Is.EqualTo(StateKey.Failed));
        Assert.That(state.Reason, Does.Contain("crashed").And.Contain("restart it").And.Not.Contain("retried").And.Contain("its target of 512 MiB may be less than it needs"));
        Assert.That(world.Journal.Count(entry => entry.Outcome == StateKey.Failed), Is.EqualTo(1));
        Assert.That(world.Journal.Last().Why, Is.EqualTo("the domain crashed after its target was ordered"));
    });

    [Test]
    public void A_crash_during_the_run_was_not_refused_before_anything_moved() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1", balloon: new BalloonSpec { Rate = Rate.MiBPerSecond(10) });
        await world.SetAsync(domid, "actor", "xl:balloon");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(10);

        await world.Toolstack.CrashAsync(domid);

        Assert.That((await world.StateAsync(domid, state => state.Outcome == StateKey.Failed)).Reason, Does.Contain("crashed").And.Contain("restart it").And.Not.Contain("retried"));
        await world.AfterAsync(60);
        Assert.That(world.Journal.Select(entry => entry.Why), Has.None.Contains("before anything moved"));
    });

    [Test]
    public void A_target_for_a_domain_that_has_crashed_already_is_refused() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.Toolstack.CrashAsync(domid);

        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo("unable"));
        Assert.That(world.Journal.Single().Why, Is.EqualTo("refused before anything moved"));
    });

    [TestCase(700)]
    [TestCase(400)]
    public void A_max_mem_that_another_program_changes_is_reported(int mebibytes) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);
        await world.AfterAsync(30);

        await world.Toolstack.SetMaxMemAsync(domid, Kib.FromMiB(mebibytes));
        await world.AfterAsync(13);
        var state = await world.StateAsync(domid);
        await world.AfterAsync(600);

        Assert.That(state!.Outcome, Is.EqualTo(StateKey.Drifted));
        Assert.That(state.Reason, Does.Contain($"changed max_mem from 513 MiB to {mebibytes} MiB"));
        Assert.That(world.Info(domid).MaxMem, Is.EqualTo(Kib.FromMiB(mebibytes)), "it is reported and not undone");
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Reached));
    });

    [Test]
    public void Removing_the_target_ends_the_run_and_releases_the_actors_last_first() => TestWorld.Run(async world =>
    {
        var released = new List<string>();
        var directory = new ActorDirectory("none");
        directory.SetActors(new[] { "first", "second" }.Select(name => new PluginEntry(name, new ScriptedActor(
            async (domain, _, cancellation) =>
            {
                await Task.Delay(TimeSpan.FromHours(1), domain.Time, cancellation);
                return Outcome.Reached(Half, "");
            })
        {
            Release = (_, _) =>
            {
                released.Add(name);
                return Task.CompletedTask;
            },
        })));
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "second");
        await world.SetAsync(domid, "state", "outcome=reached actor=first step=1 target=1 footprint=1 since=2026-01-01T00:00:00.000Z serial=1 via=second engaged=first reason=\"\"");
        await world.SetTargetAsync(domid, Half);
        await using var dispatch = await world.StartDispatchAsync(directory);
        await world.StateAsync(domid, state => state.Outcome == StateKey.Running);

        await world.Toolstack.RemoveAsync(domid, "memory-policy/target");
        var state = await world.StateAsync(domid, state => state.Final);

        Assert.That(released, Is.EqualTo(new[] { "second", "first" }));
        Assert.That((state.Outcome, state.Target, state.Engaged.Count), Is.EqualTo(("superseded", (Kib?)null, 0)));
        Assert.That(state.Reason, Does.StartWith("the target of 512 MiB was removed: second and first released the domain"));
        Assert.That(world.Journal.Select(entry => entry.Reason), Is.EqualTo(new[] { "its target was removed", state.Reason }));
        Assert.That(world.Logged, Has.Some.Contains("the target of 512 MiB was removed"));
    });

    [Test]
    public void Removing_the_target_gives_the_memory_back() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await ReachedAsync(world);

        await world.Toolstack.RemoveAsync(domid, "memory-policy/target");
        await world.StateAsync(domid, state => state.Target is null);
        await world.AfterAsync(20);

        Assert.That(world.Footprint(domid).Value, Is.EqualTo(Kib.FromGiB(1).Value).Within(1024));
        Assert.That((await world.StateAsync(domid))!.Footprint!.Value.Value, Is.EqualTo(Kib.FromGiB(1).Value).Within(1024));
        Assert.That(await world.DomainZero.TryReadTextAsync(PolicyKeys.Of(domid, "balloon-target")), Is.Null);
    });

    [Test]
    public void A_domain_that_reaches_its_target_after_the_run_had_ended_has_reached_it() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("slow", DomainKind.Pv, new BalloonSpec { Rate = Rate.MiBPerSecond(5) });
        await world.SetAsync(domid, "timeout", "10");
        await world.SetAsync(domid, "actor", "balloon");
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Short));

        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.Reached);

        Assert.That(state.Footprint!.Value.Value, Is.EqualTo(Half.Value).Within(1024));
    });

    [Test]
    public void A_thousand_domains_at_rest_cost_one_listing_every_ten_seconds_and_no_request_to_the_store() => TestWorld.Run(async world =>
    {
        const int domains = 1000;
        var listings = 0;
        var hypervisor = Substitute.For<IHypervisor>();
        var infos = Enumerable.Range(1, domains).Select(Info).ToList();
        hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(_ =>
        {
            listings++;
            return ValueTask.FromResult<IReadOnlyList<DomainInfo>>(infos);
        });
        hypervisor.GetDomainAsync(0, default).ReturnsForAnyArgs(call => ValueTask.FromResult<DomainInfo?>(infos[call.Arg<int>() - 1]));
        var store = CountedCalls.Of(world.DomainZero, out var requests);
        for (var domid = 1; domid <= domains; domid++)
        {
            await world.DomainZero.WriteTextAsync($"/local/domain/{domid}/memory/static-max", "1048576");
            await world.DomainZero.WriteTextAsync(PolicyKeys.Of(domid, "target"), $"{Half.Value}");
        }
        await using var dispatch = new DomainWatcher(world.Services with { Store = store, Hypervisor = hypervisor }, Directory(OnDrift.Retry, world));
        await dispatch.StartAsync(default);
        await world.StateAsync(domains, state => state.Outcome == StateKey.Reached);
        await world.AfterAsync(60);
        (listings, requests.Count) = (0, 0);

        await world.AfterAsync(600);

        Assert.That(requests.Count, Is.Zero);
        Assert.That(listings, Is.InRange(58, 61));
    });

    private static DomainInfo Info(int domid) => new()
    {
        Domid = domid,
        Uuid = new Guid(domid, 0, 0, new byte[8]),
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Half.ToPages(),
        MaxPages = Half.ToPages(),
    };

    // A policy that moves a domain at once.
    private static ActorDirectory Directory(OnDrift onDrift, TestWorld world)
    {
        var directory = new ActorDirectory("moves");
        var policy = Substitute.For<IPolicy>();
        policy.ReachAsync(null!, null!, default).ReturnsForAnyArgs(async call =>
        {
            var (run, request) = (call.Arg<RunContext>(), call.Arg<TargetRequest>());
            if (world.Machine.Find(run.Identity.Domid) is { } domain)
            {
                domain.Inflate(PageClass.Free, (domain.Info.Footprint - request.Target).ToPages());
                domain.Deflate((request.Target - domain.Info.Footprint).ToPages());
            }
            return Outcome.Reached((await run.InspectAsync(default)).Footprint, "done");
        });
        policy.FollowUpAsync(null!, null!, default).ReturnsForAnyArgs(Task.FromResult<Outcome?>(null));
        directory.SetPolicies([new PolicyEntry("moves", policy) { OnDrift = onDrift }]);
        return directory;
    }

    private static async Task<int> ReachedAsync(TestWorld world)
    {
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "xl:balloon");
        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo(StateKey.Reached));
        return domid;
    }

    // The guest's driver misbehaves: it gives memory up without a new target.
    private static void Shrink(TestWorld world, int domid) => world.Machine.Find(domid)!.Inflate(PageClass.Free, Kib.FromMiB(50).ToPages());
}
