using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>No guest dies of a target above its floor: a guest that cannot reach it is relieved before it runs out of memory.</summary>
internal sealed class BalloonReliefTests
{
    private static readonly Kib Memory = Kib.FromMiB(512);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(3);

    // The default floor of 512 MiB, so the lowest target that is not rejected.
    private static readonly Kib Floor = Kib.FromMiB(168);

    [Test]
    public void A_hog_survives_the_lowest_target_above_its_floor(
        [Values(40, 60, 90)] int percent, [Values(DomainKind.Pv, DomainKind.Pvh)] DomainKind kind,
        [Values(BalloonDriverKind.Current, BalloonDriverKind.Older)] BalloonDriverKind driver, [Values] bool reports) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, Hog(percent, driver, reports), kind);

        var state = await BalloonAsync(world, domid, Floor);
        await Task.Delay(LongEnough, world.Time);

        Assert.That(world.Info(domid).State, Is.EqualTo(DomainState.Running), $"{world.Info(domid).Populated} after {state.Outcome}: {state.Reason}");
        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(await TargetAsync(world, domid), Is.GreaterThan(Floor), "it is not pressed any more");
        Assert.That(state.Reason, Does.Contain("cannot free more").Or.Contain("reports that it needs").Or.Contain("about to run out"));
    });

    [Test]
    public void A_guest_that_allocates_while_it_is_squeezed_survives(
        [Values(BalloonDriverKind.Current, BalloonDriverKind.Older)] BalloonDriverKind driver, [Values] bool reports) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var hog = Hog(20, driver, reports) with
        {
            Workload = new WorkloadSpec
            {
                Phases = [new WorkloadPhase { WorkingSet = new StepShape(Kib.FromMiB(100), Kib.FromMiB(300), TimeSpan.FromSeconds(11)), AllocationRate = Rate.MiBPerSecond(200) }],
            },
        };
        var domid = await CreateAsync(world, hog with { Balloon = hog.Balloon with { Rate = Rate.MiBPerSecond(20) } }, DomainKind.Pvh);
        await world.AfterAsync(5);

        await BalloonAsync(world, domid, Floor);
        await Task.Delay(LongEnough, world.Time);

        Assert.That(world.Info(domid).State, Is.EqualTo(DomainState.Running), world.Info(domid).Populated.ToString());
    });

    [Test]
    public void A_guest_that_stops_is_relieved_at_the_first_sign_and_not_after_the_first_pause_of_its_driver() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, Hog(60, BalloonDriverKind.Current, reports: false), DomainKind.Pvh);
        await world.SetAsync(domid, "actor", "balloon");
        await world.SetTargetAsync(domid, Floor);
        var (reached, stopped) = (Memory, TimeSpan.Zero);
        while (await TargetAsync(world, domid) is var target && (target < Floor || target > Memory - Kib.FromMiB(2)))
        {
            await world.AfterAsync(0.01);
            (reached, stopped) = world.Info(domid).Populated < reached ? (world.Info(domid).Populated, world.Elapsed) : (reached, stopped);
        }
        var relieved = world.Elapsed - stopped;
        var state = await world.StateAsync(domid, state => state.Final);

        Assert.That(relieved, Is.LessThan(TimeSpan.FromSeconds(1)));
        var aim = await TargetAsync(world, domid) + Kib.FromMiB(1);
        Assert.That(aim, Is.InRange(reached + Headroom(reached) - Kib.FromMiB(1), reached + Headroom(reached) + Kib.FromMiB(1)));
        Assert.That(world.Info(domid).MaxMem, Is.EqualTo(aim + Kib.FromMiB(1)), "max_mem fits");
        Assert.That(state.Reason, Does.Contain("its balloon was relieved and now aims for"));
    });

    [Test]
    public void A_guest_whose_driver_is_stuck_is_not_asked_for_anything_any_more() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, new GuestSpec { Balloon = new BalloonSpec { Behaviour = BalloonBehaviour.Refuses } }, DomainKind.Pvh);

        await BalloonAsync(world, domid, Floor);

        Assert.That(await TargetAsync(world, domid), Is.EqualTo(Memory - Kib.FromMiB(1)), "never more than it had when the run began");
    });

    [TestCase(2, true, TestName = "A step whose time is up while its guest fails relieves it")]
    [TestCase(1, false, TestName = "A step whose time is up while its guest still moves keeps its target")]
    public void Time_is_up(int seconds, bool relieved) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var hog = Hog(60, BalloonDriverKind.Current, reports: false);
        var domid = await CreateAsync(world, hog with { Balloon = hog.Balloon with { Rate = Rate.MiBPerSecond(100) } }, DomainKind.Pvh);
        await world.SetAsync(domid, "timeout", $"{seconds}");

        var state = await BalloonAsync(world, domid, Floor);

        Assert.That(state.Reason, Does.Contain("time is up"));
        Assert.That(await TargetAsync(world, domid) > Floor, Is.EqualTo(relieved));
    });

    [Test]
    public void The_balloon_stops_at_what_a_guest_reports_to_need_and_a_pager_goes_lower() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, Hog(60, BalloonDriverKind.Older, reports: true), DomainKind.Pvh);
        await world.AfterAsync(5);

        var state = await world.ReachAsync(domid, Floor);

        Assert.That((state.Outcome, state.Actor), Is.EqualTo(("reached", "paging")));
        Assert.That(world.Info(domid).Populated, Is.GreaterThan(Kib.FromMiB(380)), "its balloon left it what it uses");
        Assert.That(world.Journal[^1].Steps[0].Reason, Does.Contain("reports that it needs"));
    });

    [Test]
    public void A_floor_that_an_operator_sets_overrides_what_the_guest_reports() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, Hog(10, BalloonDriverKind.Current, reports: false), DomainKind.Pvh);
        await world.Toolstack.WriteAsync(domid, "memory/meminfo", "MemTotal: 520000 kB\nMemAvailable: 100000 kB\n");

        Assert.That((await BalloonAsync(world, domid, Kib.FromMiB(300))).Outcome, Is.EqualTo("short"));
        await world.SetAsync(domid, "floor", $"{Floor.Value}");
        Assert.That((await BalloonAsync(world, domid, Kib.FromMiB(301))).Outcome, Is.EqualTo("reached"));
    });

    private static GuestSpec Hog(int percent, BalloonDriverKind driver, bool reports) => new()
    {
        Balloon = new BalloonSpec { Driver = driver },
        Kernel = Kib.FromMiB(80),
        Workload = new WorkloadSpec { Phases = [new WorkloadPhase { WorkingSet = new ConstantShape(new Kib(Memory.Value * percent / 100 - Kib.FromMiB(percent == 90 ? 80 : 0).Value)) }] },
        Reports = reports ? new ReportSpec { Every = TimeSpan.FromSeconds(1) } : null,
    };

    private static Kib Headroom(Kib footprint) => Kib.Max(Kib.FromMiB(16), new Kib(footprint.Value / 20));

    private static async Task<int> CreateAsync(TestWorld world, GuestSpec guest, DomainKind kind)
    {
        var spec = new DomainSpec { Name = "hog", Kind = kind, Memory = Memory, Guest = guest };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromSeconds(1), world.Time);
        return domain.Domid;
    }

    private static async Task<StateKey> BalloonAsync(TestWorld world, int domid, Kib target)
    {
        await world.SetAsync(domid, "actor", "balloon");
        return await world.ReachAsync(domid, target);
    }

    private static async Task<Kib> TargetAsync(TestWorld world, int domid) =>
        new(long.Parse(await world.DomainZero.ReadTextAsync($"/local/domain/{domid}/memory/target"), System.Globalization.CultureInfo.InvariantCulture));
}
