using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

/// <summary>Guests that set their own balloon's target.</summary>
internal sealed class SelfBalloonTests
{
    private static readonly Kib Reserve = MiB(10);

    [Test]
    public void It_gives_up_an_eighth_of_what_its_tasks_have_not_committed_every_5_seconds_and_takes_it_all_back_at_once() => World.Run(async world =>
    {
        var domain = await world.BootAsync(SelfBallooning("a", new SelfBalloonSpec(), new StepShape(MiB(300), MiB(800), TimeSpan.FromMinutes(15))));
        await world.Clock.After(6);
        Assert.That(domain.Info.Footprint.Value, Is.EqualTo(MiB(1024).Value - ((MiB(1024 - 300) - Reserve).Value / 8)).Within(Pages.KibPerPage));
        await world.Clock.After(TimeSpan.FromMinutes(14));
        Assert.That(domain.Info.Footprint.Value, Is.EqualTo((MiB(300) + Reserve).Value).Within(8 * Pages.KibPerPage), "a gap under 8 pages never closes");
        await world.Clock.After(70);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(800) + Reserve));
    });

    [Test]
    public void It_goes_no_lower_than_its_floor() => World.Run(async world =>
    {
        var domain = await world.BootAsync(SelfBallooning("a", new SelfBalloonSpec { Floor = SelfBalloonFloor.Xenballoond }));
        await world.Clock.After(TimeSpan.FromMinutes(20));
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(232)));
        Assert.That(world.Trace, Has.Some.EndsWith("(a) balloons itself, down to 232 MiB"));
    });

    [Test]
    public void Dom0_switches_it_on_and_off_and_the_guest_reports_what_it_does() => World.Run(async world =>
    {
        var domain = await world.BootAsync(SelfBallooning("a", new SelfBalloonSpec { On = false }, Always(300)));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
        Assert.That(await ReadAsync(world, domain, SelfBalloonKeys.SelfTarget), Is.Empty);

        await world.Toolstack.WriteAsync(domain.Domid, SelfBalloonKeys.Switch, "1");
        await world.Clock.After(TimeSpan.FromMinutes(10));
        var footprint = domain.Info.Footprint;
        Assert.That(footprint, Is.LessThan(MiB(311)));
        Assert.That(await ReadAsync(world, domain, SelfBalloonKeys.Actual), Is.EqualTo($"{footprint.Value}"));
        Assert.That(await ReadAsync(world, domain, SelfBalloonKeys.SelfTarget), Is.EqualTo($"{footprint.Value}"));
        Assert.That(await ReadAsync(world, domain, SelfBalloonKeys.Minimum), Is.EqualTo($"{(MiB(10 + 99) + new Kib(MiB(1024 - 10 - 99).Value / 32)).ToPages().ToKib().Value}"));

        await world.Toolstack.WriteAsync(domain.Domid, SelfBalloonKeys.Switch, "0");
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(900));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(900)));
    });

    [Test]
    public void While_it_balloons_itself_a_target_of_dom0_does_not_last() => World.Run(async world =>
    {
        var domain = await world.BootAsync(SelfBallooning("a", new SelfBalloonSpec { Law = SelfBalloonLaw.Xenballoond }, Always(300)));
        await world.Clock.After(TimeSpan.FromMinutes(10));
        var before = domain.Info.Footprint;
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1000));
        await world.Clock.After(TimeSpan.FromMinutes(5));
        Assert.That(domain.Info.Footprint.Value, Is.EqualTo(before.Value).Within(64));
    });

    [Test]
    public void Who_asks_first_is_served_first_and_the_other_uses_its_own_swap() => World.Run(async world =>
    {
        var first = await world.BootAsync(SelfBallooning("first", new SelfBalloonSpec(), new StepShape(MiB(100), MiB(900), TimeSpan.FromMinutes(10)), swap: 2048));
        await world.Clock.After(TimeSpan.FromMinutes(2));
        var second = await world.BootAsync(SelfBallooning("second", new SelfBalloonSpec(), new StepShape(MiB(100), MiB(900), TimeSpan.FromMinutes(12)), swap: 2048));
        await world.Clock.After(TimeSpan.FromMinutes(20));
        Assert.Multiple(() =>
        {
            Assert.That(first.Info.Footprint, Is.EqualTo(MiB(910)));
            Assert.That(second.Info.Footprint, Is.EqualTo(MiB(1500 - 128 - 910)));
            Assert.That(world.Toolstack.GuestOf(first)!.SwapIns, Is.Zero);
            Assert.That(world.Toolstack.GuestOf(second)!.SwapIns, Is.GreaterThan(0));
        });
    }, new HostSpec { Memory = MiB(1500), Dom0Memory = MiB(128) });

    private static DomainSpec SelfBallooning(string name, SelfBalloonSpec spec, Shape? workingSet = null, long swap = 0)
    {
        var domain = Domain(name, DomainKind.Pv, swap: swap);
        return domain with
        {
            Guest = domain.Guest with
            {
                SelfBalloon = spec,
                Kernel = Kib.Zero,
                Workload = new WorkloadSpec { Phases = [new() { WorkingSet = workingSet ?? Shape.Nothing }] },
            },
        };
    }

    private static async Task<string?> ReadAsync(World world, SimulatedDomain domain, string key) =>
        await world.Dom0.TryReadTextAsync($"{domain.Home}/{key}");
}
