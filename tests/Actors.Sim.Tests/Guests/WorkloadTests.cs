using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class WorkloadTests
{
    private static DomainSpec With(WorkloadSpec workload) => Domain() with { Guest = new GuestSpec { Workload = workload } };

    [Test]
    public void A_working_set_follows_its_shape_through_its_phases() => World.Run(async world =>
    {
        var domain = await world.BootAsync(With(new WorkloadSpec
        {
            Phases =
            [
                new WorkloadPhase { Duration = TimeSpan.FromMinutes(1), WorkingSet = Always(300) },
                new WorkloadPhase { WorkingSet = new StepShape(MiB(100), MiB(400), TimeSpan.FromMinutes(1)) },
            ],
        }));
        var held = new List<Kib>();
        for (var minute = 0; minute < 3; minute++)
        {
            await world.Clock.After(30);
            held.Add(domain.Memory.Of(PageClass.Hot).ToKib());
            await world.Clock.After(30);
        }
        Assert.That(held, Is.EqualTo(new[] { MiB(300), MiB(100), MiB(400) }));
    });

    [Test]
    public void A_sine_goes_from_its_least_to_its_most_and_back() => World.Run(async world =>
    {
        var domain = await world.BootAsync(With(new WorkloadSpec
        {
            Phases = [new WorkloadPhase { WorkingSet = new SineShape(MiB(100), MiB(500), TimeSpan.FromMinutes(10)) }],
        }));
        await world.Clock.After(TimeSpan.FromMinutes(5));
        Assert.That(domain.Memory.Of(PageClass.Hot).ToKib(), Is.GreaterThan(MiB(495)));
        await world.Clock.After(TimeSpan.FromMinutes(5));
        Assert.That(domain.Memory.Of(PageClass.Hot).ToKib(), Is.LessThan(MiB(105)));
    });

    [Test]
    public void The_guest_reads_file_cache_again_when_the_balloon_gives_memory_back() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(workingSet: 300, fileCache: 400));
        Kib Cache() => (domain.Memory.Of(PageClass.ActiveCache) + domain.Memory.Of(PageClass.InactiveCache)).ToKib();
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(20);
        Assert.That(Cache(), Is.EqualTo(MiB(512 - 1 - 109 - 300)));
        await world.BalloonAsync(domain, MiB(1000));
        await world.Clock.After(20);
        Assert.That(Cache(), Is.EqualTo(MiB(400)));
    });

    [Test]
    public void An_allocation_rate_limits_how_fast_it_grows() => World.Run(async world =>
    {
        var domain = await world.BootAsync(With(new WorkloadSpec
        {
            Phases = [new WorkloadPhase { WorkingSet = Always(400), AllocationRate = Rate.MiBPerSecond(10) }],
        }));
        await world.Clock.After(9.5);
        Assert.That(domain.Memory.Of(PageClass.Hot).ToKib(), Is.EqualTo(MiB(100)));
        await world.Clock.After(60);
        Assert.That(domain.Memory.Of(PageClass.Hot).ToKib(), Is.EqualTo(MiB(400)));
    });

    [Test]
    public void Day_and_night_change_at_eight() =>
        Assert.That(Enumerable.Range(0, 24).Select(hour => new DayNightShape(MiB(2), MiB(1)).At(TimeSpan.FromHours(hour + 48))),
            Is.EqualTo(Enumerable.Range(0, 24).Select(hour => hour is >= 8 and < 20 ? MiB(2) : MiB(1))));
}
