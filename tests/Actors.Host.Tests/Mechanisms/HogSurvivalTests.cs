using Actors.Dispatch.Decisions;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>
/// No guest dies of a target above its floor, whatever its size, driver, speed and reports, and however fast its programs take memory,
/// as long as they need no more than the guest had at the start and its driver is faster than they are.
/// </summary>
internal sealed class HogSurvivalTests
{
    private static readonly TimeSpan AfterOutcome = TimeSpan.FromMinutes(2);

    [Test]
    public void A_hog_survives_at_every_rate(
        [Values(1, 5, 20, 40, 100, 200)] int rate, [Values(20, 200)] int balloon,
        [Values(BalloonDriverKind.Current, BalloonDriverKind.Older)] BalloonDriverKind driver, [Values] bool reports) =>
        Survives(new Hog(Kib.FromMiB(512), rate, balloon, driver, reports, Before: 100, After: 300, At: 1));

    [Test]
    public void A_hog_survives_whatever_its_guest_is_like([Range(1, 60)] int seed)
    {
        Survives(Any(new Random(seed)));
    }

    [Test]
    public void A_target_that_fits_is_reached_whatever_the_guest_is_like([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var hog = Any(random);
        var needed = hog.Guest.KernelNeed(hog.Size) + Kib.FromMiB(hog.After);
        // What its kernel keeps for itself, and what the balloon leaves to a guest that reports.
        var target = Kib.Max(Floors.Default(hog.Size), needed + new Kib(needed.Value / 8) + Kib.FromMiB(48));
        if (target < hog.Size)
            Play(hog, target, state => Assert.That(state.Outcome, Is.EqualTo("reached"), $"{hog}: {state.Reason}"));
    }

    private static void Survives(Hog hog) => Play(hog, Floors.Default(hog.Size), _ => { });

    private static void Play(Hog hog, Kib target, Action<StateKey> check) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var spec = new DomainSpec { Name = "hog", Kind = DomainKind.Pvh, Memory = hog.Size, Guest = hog.Guest };
        var domid = (await world.Toolstack.CreateAsync(spec)).Domid;
        await Task.Delay(spec.BootTime + TimeSpan.FromSeconds(2), world.Time);
        await world.SetAsync(domid, "actor", "balloon");

        var state = await world.ReachAsync(domid, target);
        var end = world.Elapsed;
        await Task.Delay(AfterOutcome, world.Time);

        var info = world.Info(domid);
        Assert.That(info.State, Is.EqualTo(DomainState.Running), $"{hog}: {state.Outcome} at {end.TotalSeconds:0} s, now {info.Populated}: {state.Reason}");
        check(state);
    }, new HostSpec { Memory = Kib.FromGiB(128) });

    private static Hog Any(Random random)
    {
        var size = Kib.FromMiB((long)Between(random, 128, 65536));
        var free = (size - Floors.Default(size)).Value / 1024;
        var before = (long)(free * random.NextDouble() * 0.5);
        var balloon = (int)Between(random, Math.Max(5, free / 300.0), 400);
        // A driver that gives memory back more slowly than the programs take it cannot save its guest.
        return new Hog(
            size, (int)Between(random, 1, Math.Min(200, balloon)), balloon,
            random.Next(2) == 0 ? BalloonDriverKind.Current : BalloonDriverKind.Older, random.Next(2) == 0,
            before, before + (long)((free - before) * random.NextDouble() * 0.9), (int)Between(random, 1, 60));
    }

    // Evenly over the orders of magnitude.
    private static double Between(Random random, double least, double most) => least * Math.Pow(most / least, random.NextDouble());

    private sealed record Hog(Kib Size, int Rate, int Balloon, BalloonDriverKind Driver, bool Reports, long Before, long After, int At)
    {
        public GuestSpec Guest => new()
        {
            Balloon = new BalloonSpec { Driver = Driver, Rate = Sim.Specs.Rate.MiBPerSecond(Balloon) },
            Workload = new WorkloadSpec
            {
                Phases =
                [
                    new WorkloadPhase
                    {
                        WorkingSet = new StepShape(Kib.FromMiB(Before), Kib.FromMiB(After), TimeSpan.FromSeconds(At + 2)),
                        AllocationRate = Sim.Specs.Rate.MiBPerSecond(Rate),
                    },
                ],
            },
            Reports = Reports ? new ReportSpec { Every = TimeSpan.FromSeconds(1) } : null,
        };
    }
}
