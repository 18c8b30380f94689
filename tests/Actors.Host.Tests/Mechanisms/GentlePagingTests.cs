using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>What a plain and a gentle pager do to a guest of 4 GiB that uses 3 GiB, with a target of 2 GiB.</summary>
internal sealed class GentlePagingTests
{
    private static readonly Kib Target = Kib.FromGiB(2);

    [Test]
    public void A_plain_pager_makes_the_guest_thrash() => Play("balloon-then-paging", async (world, domid, state) =>
    {
        Assert.That(state.Outcome, Is.EqualTo("reached"));
        Assert.That(await PageInsPerMinuteAsync(world, domid), Is.GreaterThan(60_000));
    });

    [Test]
    public void A_guest_that_thrashes_is_marked_and_the_mark_goes_when_it_gets_its_memory_back() => Play("balloon-then-paging", async (world, domid, state) =>
    {
        var thrashes = await world.StateAsync(domid, state => state.PageIns > 0);
        Assert.That(thrashes, Has.Property(nameof(StateKey.Outcome)).EqualTo("reached").And.Property(nameof(StateKey.PageIns)).InRange(3000, 9000));
        Assert.That(world.Journal[^1].Reason, Does.StartWith("and thrashing: ").And.Contain("page-ins/s").And.Contain("set a higher target or floor"));
        Assert.That(world.Logged, Has.Some.Contains("and thrashing: "));

        await world.SetAsync(domid, "actor", "balloon");
        await world.ReachAsync(domid, Kib.FromMiB(4096));
        await world.AfterAsync(30);
        Assert.That((await world.StateAsync(domid))!.PageIns, Is.Zero);
    });

    [Test]
    public void A_guest_that_fits_is_not_marked() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, workingSet: 1024);
        await world.ReachAsync(domid, Target);
        await world.AfterAsync(600);

        Assert.That((await world.StateAsync(domid))!.PageIns, Is.Zero);
        Assert.That(world.Logged, Has.None.Contains("thrashing"));
    });

    [Test]
    public void A_gentle_pager_stops_at_what_the_guest_uses_and_says_so() => Play("balloon-then-gentle-paging", async (world, domid, state) =>
    {
        Assert.That(state, Has.Property(nameof(StateKey.Outcome)).EqualTo("short").And.Property(nameof(StateKey.Actor)).EqualTo("paging"));
        Assert.That(state.Reason, Does.Contain("it needs that memory, so the pager stays at").And.Contain("waiting for").And.Contain("memory that the guest can spare"));
        Assert.That(state.Footprint, Is.InRange(Kib.FromGiB(3), Kib.FromMiB(3500)), state.Reason);
        Assert.That(await PageInsPerMinuteAsync(world, domid), Is.LessThan(Budget(world, domid)));
    });

    [Test]
    public void After_a_gentle_pager_has_stopped_its_retries_keep_within_the_budget_in_every_minute([Values(64, 1024)] int touchRate) =>
        Play("balloon-then-gentle-paging", async (world, domid, state) =>
        {
            Assert.That(state.Outcome, Is.EqualTo("short"), state.Reason);
            await world.AfterAsync(60);
            var counts = new List<long> { FaultedIn(world, domid) };
            for (var second = 10; second <= 4 * 3600; second += 10)
            {
                await world.AfterAsync(10);
                counts.Add(FaultedIn(world, domid));
            }

            var worst = Enumerable.Range(0, counts.Count - 6).Max(index => counts[index + 6] - counts[index]);
            Assert.That(worst, Is.LessThanOrEqualTo(Budget(world, domid)));
            Assert.That(counts[^1], Is.GreaterThan(counts[0]), "it did check again");
            Assert.That((await world.StateAsync(domid))!.PageIns, Is.Zero);
        }, touchRate);

    [Test]
    public void When_the_guest_uses_less_a_retry_goes_lower_until_the_target_is_reached() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, new StepShape(Kib.FromGiB(3), Kib.FromGiB(1), TimeSpan.FromHours(5)), 64);
        await world.SetAsync(domid, "actor", "paging:gentle");
        Assert.That((await world.ReachAsync(domid, Target, limit: TimeSpan.FromHours(4))).Outcome, Is.EqualTo("short"));

        var state = await world.StateAsync(domid, state => state.Outcome == StateKey.Reached, TimeSpan.FromHours(18));

        Assert.That(state.Reason, Does.Contain("lowered the footprint gently"));
        Assert.That(await PageInsPerMinuteAsync(world, domid), Is.LessThan(Budget(world, domid)));
    }, limit: TimeSpan.FromHours(30));

    [Test]
    public void An_argument_that_paging_does_not_know_is_rejected_with_the_one_that_it_knows() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "paging:softly");

        var state = await world.ReachAsync(domid, Kib.FromMiB(512));

        Assert.That(state.Outcome, Is.EqualTo("unable"));
        Assert.That(state.Reason, Is.EqualTo("paging has no argument 'softly'; its only argument is 'gentle' (paging:gentle)"));
        Assert.That(world.Footprint(domid), Is.EqualTo(Kib.FromGiB(1)));
    });

    [Test]
    public void A_newer_target_reaches_a_gentle_pager_gently() => Play("balloon-then-gentle-paging", async (world, domid, state) =>
    {
        await world.SetTargetAsync(domid, Kib.FromMiB(1900));
        await world.AfterAsync(1800);
        Assert.That(world.Footprint(domid), Is.GreaterThan(Kib.FromGiB(3)), "the pager that is engaged already does not page without regard");

        var higher = await world.ReachAsync(domid, Kib.FromMiB(3900));
        Assert.That(higher.Outcome, Is.EqualTo("reached"), higher.Reason);
    });

    [Test]
    public void A_gentle_pager_that_dies_is_reported() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, workingSet: 512);
        await world.SetAsync(domid, "actor", "paging:gentle");
        await world.SetTargetAsync(domid, Target);
        await world.AfterAsync(120);

        await world.Toolstack.KillPagerAsync(domid);
        var state = await world.StateAsync(domid, state => state.Final);

        Assert.That(state.Outcome, Is.EqualTo("failed"));
        Assert.That(state.Reason, Does.Contain("are lost").And.Contain("restart the guest"));
    });

    private static void Play(string policy, Func<TestWorld, int, StateKey, Task> check, int touchRate = 64) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, new ConstantShape(Kib.FromMiB(3072)), touchRate);
        await world.SetAsync(domid, "actor", $"xl:{policy}");

        var state = await world.ReachAsync(domid, Target, limit: TimeSpan.FromHours(4));
        await check(world, domid, state);
    }, limit: TimeSpan.FromHours(12));

    private static Task<int> CreateAsync(TestWorld world, int workingSet) => CreateAsync(world, new ConstantShape(Kib.FromMiB(workingSet)), 64);

    private static async Task<int> CreateAsync(TestWorld world, Shape workingSet, int touchRate)
    {
        var spec = new DomainSpec
        {
            Name = "busy",
            Memory = Kib.FromGiB(4),
            Guest = new GuestSpec
            {
                Balloon = new BalloonSpec { Behaviour = BalloonBehaviour.Refuses },
                Workload = new WorkloadSpec { Phases = [new WorkloadPhase { WorkingSet = workingSet, TouchRate = Rate.MiBPerSecond(touchRate) }] },
            },
        };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromMilliseconds(1), world.Time);
        return domain.Domid;
    }

    private static double Budget(TestWorld world, int domid) => world.Footprint(domid).ToPages().Value * 0.002;

    private static async Task<long> PageInsPerMinuteAsync(TestWorld world, int domid)
    {
        // Settling takes a while: the pages that the guest does use are still coming back.
        await world.AfterAsync(600);
        var before = FaultedIn(world, domid);
        await world.AfterAsync(60);
        return FaultedIn(world, domid) - before;
    }

    private static long FaultedIn(TestWorld world, int domid) => world.Services.Hypervisor.GetMechanism<IPaging>(domid).Mechanism!.FaultedIn!.Value.Value;
}
