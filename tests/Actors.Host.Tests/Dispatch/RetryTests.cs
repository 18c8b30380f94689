using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Host.Tests.Loading.Containment;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Dispatch;

internal sealed class RetryTests
{
    private static readonly Kib Step = Kib.FromMiB(512);
    private static readonly Kib Small = Kib.FromGiB(1);
    private static readonly Kib Few = Kib.FromMiB(128);
    private static readonly Kib Large = Small + Step;

    [Test]
    public void Memory_for_two_of_five_goes_to_those_that_have_waited_longest() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domids = await CreateFiveAsync(world);
        foreach (var domid in domids.Reverse())
            await GrowAsync(world, domid);
        growth.Calls.Clear();

        growth.Available = Step + Step;
        await world.AfterAsync(600);

        Assert.That(growth.Calls, Is.EqualTo(new[] { domids[4], domids[3] }), "and nobody else is even tried");
        Assert.That((await world.StateAsync(domids[4]))!.Outcome, Is.EqualTo("reached"));
        var waiting = (await world.StateAsync(domids[2]))!;
        Assert.That((waiting.Outcome, waiting.Reason), Is.EqualTo(("short", "the host is full; waiting for 512 MiB of free host memory; retried automatically")));
    });

    [Test]
    public void The_journal_and_the_log_say_why_a_target_is_retried() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        growth.Available = Step;
        await world.StateAsync(domid, state => state.Outcome == "reached");

        const string why = "requested again because the host has the 512 MiB of free memory that it needs";
        Assert.That(world.Journal[^1].Why, Does.EndWith($"; {why}"));
        Assert.That(world.Logged, Has.Some.EqualTo($"info: {domid}: the target 1.5 GiB is {why}"));
    });

    [Test]
    public void Memory_that_comes_and_goes_leads_to_few_attempts() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        growth.Calls.Clear();
        growth.VanishesWhenUsed = true;
        for (var second = 0; second < 3600; second++)
        {
            growth.Available = second % 3 == 0 ? Step : Kib.Zero;
            await world.AfterAsync(1);
        }
        Assert.That(growth.Calls, Has.Count.InRange(10, 22));
    });

    [Test]
    public void A_guest_that_never_reacts_is_tried_less_and_less_often() => TestWorld.Run(async world =>
    {
        var attempts = new List<TimeSpan>();
        await using var dispatch = await world.StartDispatchAsync(Directory(new ScriptedActor((_, _, _) =>
        {
            attempts.Add(world.Elapsed);
            return Task.FromResult(Outcome.Short(Small, "no driver") with { Lacks = new Lack(LackKinds.BalloonDriver) });
        })));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        await world.AfterAsync(3600);

        Assert.That(attempts, Has.Count.InRange(18, 22));
        Assert.That((attempts[2] - attempts[1]).TotalSeconds, Is.LessThan(5));
        Assert.That((attempts[^1] - attempts[^2]).TotalSeconds, Is.InRange(300, 312));
    });

    [Test]
    public void A_driver_that_comes_up_after_3_minutes_is_used_at_once() => TestWorld.Run(async world =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(new ScriptedActor(async (domain, request, cancellation) =>
        {
            var ready = await domain.Store.ReadAsync("control/feature-balloon", cancellation) is not null;
            return ready ? await ReachAsync(domain, request, cancellation) : Outcome.Short(Small, "no driver") with { Lacks = new Lack(LackKinds.BalloonDriver) };
        })));
        var domid = await CreateAsync(world, "a");
        await world.Toolstack.RemoveAsync(domid, "control/feature-balloon");
        await GrowAsync(world, domid);
        await world.AfterAsync(180);

        await world.Toolstack.WriteAsync(domid, "control/feature-balloon", "1");
        var began = world.Elapsed;
        await world.StateAsync(domid, state => state.Outcome == "reached");
        Assert.That((world.Elapsed - began).TotalSeconds, Is.LessThan(15));
    });

    [Test]
    public void A_paused_guest_is_given_its_target_when_it_runs() => TestWorld.Run(async world =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(new ScriptedActor(ReachAsync)));
        var domid = await CreateAsync(world, "a");
        await world.Toolstack.PauseAsync(domid);
        await world.SetTargetAsync(domid, Large);
        var refused = await world.StateAsync(domid, state => state.Final);
        Assert.That(refused.Reason, Is.EqualTo("the domain is paused ('xl unpause' resumes it); waiting for the domain to run; retried automatically"));
        await world.AfterAsync(1000);

        await world.Toolstack.UnpauseAsync(domid);
        await world.AfterAsync(20);
        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo("reached"));
    });

    [Test]
    public void A_target_whose_policy_is_missing_is_acted_on_when_the_policy_is_added() => TestWorld.Run(async world =>
    {
        var directory = new ActorDirectory("none");
        await using var dispatch = await world.StartDispatchAsync(directory);
        var domid = await CreateAsync(world, "a");
        await world.SetAsync(domid, "actor", "xl:special");
        await world.SetTargetAsync(domid, Large);
        var refused = await world.StateAsync(domid, state => state.Final);
        Assert.That(refused.Reason, Does.EndWith("; waiting for the actor or policy; retried automatically"));
        await world.AfterAsync(400);
        directory.SetPolicies([], broken: new Dictionary<string, string> { ["special"] = "special.yaml:1:1: empty" });
        await world.StateAsync(domid, state => state.Reason.Contains("empty"));

        directory.SetActors([new PluginEntry("special", new ScriptedActor(ReachAsync))]);
        directory.SetPolicies([]);
        await world.AfterAsync(10);
        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo("reached"));
    });

    [Test]
    public void A_step_whose_actor_was_out_of_service_is_retried_when_the_plugins_change() => TestWorld.Run(async world =>
    {
        var (works, calls) = (false, 0);
        var actor = new ScriptedActor(async (domain, request, cancellation) =>
        {
            calls++;
            return works ? await ReachAsync(domain, request, cancellation) : Outcome.Failed(Small, "a step is missing") with { Lacks = new Lack(LackKinds.Actor) };
        });
        var directory = Directory(actor);
        await using var dispatch = await world.StartDispatchAsync(directory);
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        await world.AfterAsync(1000);
        Assert.That(calls, Is.EqualTo(1));

        works = true;
        directory.SetPolicies([]);
        await world.StateAsync(domid, state => state.Outcome == "reached");
    });

    [Test]
    public void A_change_of_the_plugins_does_not_retry_what_waits_for_something_else() => OnFullHost(async (world, growth) =>
    {
        var directory = Directory(growth);
        await using var dispatch = await world.StartDispatchAsync(directory);
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        growth.Calls.Clear();
        for (var change = 0; change < 20; change++)
        {
            directory.SetPolicies([]);
            await world.AfterAsync(5);
        }
        Assert.That(growth.Calls, Is.Empty);
    });

    [Test]
    public void The_order_survives_a_restart_and_the_restart_is_no_attempt() => OnFullHost(async (world, growth) =>
    {
        var domids = new List<int>();
        await using (await world.StartDispatchAsync(Directory(growth)))
        {
            domids.AddRange(await CreateFiveAsync(world));
            foreach (var domid in Enumerable.Reverse(domids))
                await GrowAsync(world, domid);
        }
        growth.Calls.Clear();
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        await world.AfterAsync(60);
        Assert.That(growth.Calls, Is.Empty);

        growth.Available = Step;
        await world.AfterAsync(60);
        Assert.That(growth.Calls, Is.EqualTo(new[] { domids[4] }));
    });

    [Test]
    public void A_target_that_was_written_while_the_host_was_down_is_acted_on() => OnFullHost(async (world, growth) =>
    {
        int domid;
        await using (await world.StartDispatchAsync(Directory(growth)))
            await GrowAsync(world, domid = await CreateAsync(world, "a"));
        await world.SetTargetAsync(domid, Small);
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));

        Assert.That((await world.StateAsync(domid, state => state.Final && state.Target == Small)).Outcome, Is.EqualTo("reached"));
    });

    [Test]
    public void A_newer_target_ends_the_wait() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        Assert.That(await WaitingAsync(world, domid), Does.StartWith("target=1572864 lacks=host-memory memory=524288 "));

        await world.SetTargetAsync(domid, Small);
        await world.StateAsync(domid, state => state.Outcome == "reached");
        Assert.That(await WaitingAsync(world, domid), Is.Null);
        growth.Calls.Clear();
        growth.Available = Step;
        await world.AfterAsync(600);
        Assert.That(growth.Calls, Is.Empty);
    });

    [Test]
    public void A_target_that_is_written_again_is_tried_again_and_keeps_its_place() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var (first, second) = (await CreateAsync(world, "a"), await CreateAsync(world, "b"));
        await GrowAsync(world, first);
        await GrowAsync(world, second);
        growth.Calls.Clear();
        await GrowAsync(world, first);
        Assert.That(growth.Calls, Is.EqualTo(new[] { first }));
        growth.Calls.Clear();

        growth.Available = Step;
        await world.AfterAsync(60);
        Assert.That(growth.Calls, Is.EqualTo(new[] { first }));
    });

    [Test]
    public void The_removal_of_the_target_ends_the_wait() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        await world.Toolstack.RemoveAsync(domid, "memory-policy/target");
        await world.AfterAsync(2);
        Assert.That(await WaitingAsync(world, domid), Is.Null);
    });

    [Test]
    public void Nobody_retries_against_another_program() => TestWorld.Run(async world =>
    {
        var calls = 0;
        await using var dispatch = await world.StartDispatchAsync(Directory(new ScriptedActor((_, _, _) =>
        {
            calls++;
            return Task.FromResult(Outcome.Short(Small, "another program wrote the target") with { Lacks = new Lack(LackKinds.SecondWriter | LackKinds.BalloonDriver) });
        })));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        await world.AfterAsync(3600);
        Assert.That(calls, Is.EqualTo(1));
        Assert.That(await WaitingAsync(world, domid), Is.Null);
    });

    [Test]
    public void Another_program_that_writes_the_balloon_target_ends_the_wait() => OnFullHost(async (world, growth) =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        await world.AfterAsync(5);
        await world.Toolstack.WriteAsync(domid, "memory/target", "900000");
        await world.StateAsync(domid, state => state.Outcome == "drifted");
        Assert.That(await WaitingAsync(world, domid), Is.Null);
        growth.Calls.Clear();

        growth.Available = Step;
        await world.AfterAsync(600);
        Assert.That(growth.Calls, Is.Empty);
    });

    [Test]
    public void A_higher_max_mem_leads_to_a_retry() => TestWorld.Run(async world =>
    {
        var calls = 0;
        await using var dispatch = await world.StartDispatchAsync(Directory(new ScriptedActor((_, _, _) =>
        {
            calls++;
            return Task.FromResult(Outcome.Short(Small, "above max_mem") with { Lacks = new Lack(LackKinds.MaxMem) });
        })));
        var domid = await CreateAsync(world, "a");
        await GrowAsync(world, domid);
        await world.AfterAsync(60);
        Assert.That(calls, Is.EqualTo(1));
        await world.Toolstack.SetMaxMemAsync(domid, Kib.FromGiB(2));
        await world.AfterAsync(60);
        Assert.That(calls, Is.EqualTo(2));
    });

    [Test]
    public void A_thousand_waiting_domains_cost_no_request_to_the_store_and_one_hypercall_per_check() => OnFullHost(async (world, growth) =>
    {
        world.Store = CountedCalls.Of(world.DomainZero, out var store);
        await using var dispatch = await world.StartDispatchAsync(Directory(growth));
        var domids = new List<int>();
        for (var number = 0; number < 1000; number++)
        {
            var domain = await world.Toolstack.CreateAsync(new DomainSpec { Name = $"guest-{number}", Memory = Few, StaticMax = Few + Few, BootTime = TimeSpan.Zero });
            domids.Add(domain.Domid);
        }
        await world.AfterAsync(2);
        foreach (var domid in domids)
            await world.SetTargetAsync(domid, Few + Few);
        foreach (var domid in domids)
            await world.StateAsync(domid, state => state.Outcome == "short");
        await world.AfterAsync(600);
        (store.Count, growth.Reads) = (0, 0);
        growth.Calls.Clear();

        await world.AfterAsync(600);
        Assert.That((store.Count, growth.Calls.Count), Is.EqualTo((0, 0)));
        Assert.That(growth.Reads, Is.InRange(59, 61));
    }, new HostSpec { Memory = Kib.FromGiB(256) });

    // The host has no memory for anybody until a test sets it.
    private static void OnFullHost(Func<TestWorld, Growth, Task> test, HostSpec? spec = null) => TestWorld.Run(world => test(world, new Growth(world)), spec);

    private static ActorDirectory Directory(Growth growth)
    {
        growth.World.Hypervisor = growth;
        return Directory(new ScriptedActor(growth.ReachAsync));
    }

    private static ActorDirectory Directory(IActor actor)
    {
        var directory = new ActorDirectory("actor");
        directory.SetActors([new PluginEntry("actor", actor)]);
        return directory;
    }

    private static async Task<int> CreateAsync(TestWorld world, string name)
    {
        var spec = new DomainSpec { Name = name, Memory = Small, StaticMax = Large };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromMilliseconds(1), world.Time);
        return domain.Domid;
    }

    private static async Task<int[]> CreateFiveAsync(TestWorld world)
    {
        var domids = new List<int>();
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            domids.Add(await CreateAsync(world, name));
        return [.. domids];
    }

    private static Task<StateKey> GrowAsync(TestWorld world, int domid) => world.ReachAsync(domid, Large);

    private static async Task<string?> WaitingAsync(TestWorld world, int domid) =>
        await world.DomainZero.TryReadAsync(PolicyKeys.Of(domid, "waiting")) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private static async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.GetMechanism<IMaxMem>().Mechanism!.SetMaxMemAsync(request.Target + Kib.FromMiB(1), cancellation);
        await domain.Store.WriteAsync("memory/target", $"{(request.Target - Kib.FromMiB(1)).Value}", cancellation);
        while (!request.IsReachedBy((await domain.InspectAsync(cancellation)).Footprint))
            await Task.Delay(TimeSpan.FromMilliseconds(250), domain.Time, cancellation);
        return Outcome.Reached(request.Target, "done");
    }
}
