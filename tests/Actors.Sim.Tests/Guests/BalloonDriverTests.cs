using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

/// <summary>How Linux's balloon driver gives up, wakes and treats its guest, over time.</summary>
internal sealed class BalloonDriverTests
{
    private static readonly BalloonSpec Older = new() { Driver = BalloonDriverKind.Older };
    private static readonly BalloonSpec Oldest = new() { Driver = BalloonDriverKind.Oldest };

    [Test]
    public void It_gives_up_14_seconds_after_the_first_failure_and_tries_again_an_hour_later() => World.Run(async world =>
    {
        var domain = await StuckAtMaxMemAsync(world);
        await world.Clock.After(13.4);
        Assert.That(world.Trace, Has.None.Contains("gives up"));
        await world.Clock.After(0.2);
        Assert.That(world.Trace, Has.Some.Contains("gives up at 1 GiB on its way to 1.37 GiB"));

        domain.SetMaxMem(MiB(1500));
        await world.Clock.After(TimeSpan.FromMinutes(59));
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)));
        await world.Clock.After(TimeSpan.FromMinutes(2));
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1401)));
    });

    [Test]
    public void A_different_target_interrupts_its_wait() => World.Run(async world =>
    {
        var domain = await StuckAtMaxMemAsync(world);
        await world.Clock.After(7);
        domain.SetMaxMem(MiB(1500));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1399));
        await world.Clock.After(3);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1400)), "without the wake it would wait until 14 s");
    });

    [Test]
    public void A_target_that_is_changed_straight_back_does_not_wake_it() => World.Run(async world =>
    {
        var domain = await StuckAtMaxMemAsync(world);
        await world.Clock.After(60);
        domain.SetMaxMem(MiB(1500));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1399));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1400));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)));
    });

    [Test]
    public void A_target_above_what_it_can_hold_is_forgotten() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv));
        domain.SetMaxMem(MiB(3000));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(2000));
        await world.Clock.After(5);
        Assert.That(world.Trace[^1], Does.EndWith("gives up at 1 GiB on its way to 1.95 GiB: its balloon is empty and there is no memory hotplug"));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(512));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(512)));
    });

    [Test]
    public void It_does_not_push_its_guest_into_swap_and_an_older_driver_does() => World.Run(async world =>
    {
        var current = await world.BootAsync(Domain("current", DomainKind.Pv, coldSet: 500, swap: 600));
        var older = await world.BootAsync(Domain("older", DomainKind.Pv, coldSet: 500, swap: 600, balloon: Older));
        await world.BalloonAsync(current, MiB(300));
        await world.BalloonAsync(older, MiB(300));
        await world.Clock.After(60);
        Assert.Multiple(() =>
        {
            Assert.That(current.Info.Footprint.Value, Is.InRange(MiB(109 + 500 + 10).Value, MiB(109 + 500 + 12).Value), "kernel, cold memory and reserve");
            Assert.That(current.Memory.Of(PageClass.Cold).ToKib(), Is.EqualTo(MiB(500)));
            Assert.That(older.Info.Footprint, Is.EqualTo(MiB(300)));
        });
    });

    [Test]
    public void An_older_driver_that_takes_the_last_free_page_kills_its_guest_within_two_minutes() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv, mebibytes: 256, workingSet: 110, balloon: Older));
        await world.BalloonAsync(domain, MiB(112));
        await world.Clock.After(20);
        Assert.That((domain.Info.Footprint, domain.State), Is.EqualTo((MiB(195), DomainState.Running)), "kernel and working set");
        await world.Clock.After(100);
        Assert.That(domain.State, Is.EqualTo(DomainState.Crashed));
        Assert.That(world.Trace[^1], Does.EndWith("dies, out of memory at 195 MiB: its balloon has taken all of its free memory"));
    });

    [Test]
    public void It_survives_when_it_gets_memory_back_in_time() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv, mebibytes: 256, workingSet: 110, balloon: Older));
        await world.BalloonAsync(domain, MiB(112));
        await world.Clock.After(20);
        await world.BalloonAsync(domain, MiB(210));
        await world.Clock.After(600);
        Assert.That((domain.Info.Footprint, domain.State), Is.EqualTo((MiB(210), DomainState.Running)));
    });

    [Test]
    public void A_guest_dies_below_the_footprint_that_its_scenario_says() => World.Run(async world =>
    {
        var spec = Domain(kind: DomainKind.Pv);
        var domain = await world.BootAsync(spec with { Guest = spec.Guest with { DiesBelow = MiB(400) } });
        await world.BalloonAsync(domain, MiB(400));
        await world.Clock.After(60);
        Assert.That(domain.State, Is.EqualTo(DomainState.Running));
        await world.BalloonAsync(domain, MiB(399));
        await world.Clock.After(60);
        Assert.That(domain.State, Is.EqualTo(DomainState.Crashed));
    });

    [Test]
    public void The_oldest_driver_never_gives_up_and_a_different_target_does_not_hurry_it() => World.Run(async world =>
    {
        var domain = await StuckAtMaxMemAsync(world, Oldest);
        await world.Clock.After(TimeSpan.FromMinutes(10));
        domain.SetMaxMem(MiB(1500));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1399));
        await world.Clock.After(33);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1400)));
        Assert.That(world.Trace, Has.None.Contains("gives up"));
    });

    [Test]
    public void The_oldest_driver_keeps_a_target_above_what_it_can_hold() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv, balloon: Oldest));
        domain.SetMaxMem(MiB(3000));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(2000));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(600));
        await world.Clock.After(10);
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(2000));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)), "it takes back what it can");
        Assert.That(world.Trace, Has.None.Contains("gives up"));
    });

    [Test]
    public void A_driver_that_gave_up_wakes_when_something_else_changes_its_guests_size() => World.Run(async world =>
    {
        var domain = await StuckAtMaxMemAsync(world);
        await world.Clock.After(60);
        domain.SetMaxMem(MiB(1500));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)), "max_mem alone does not wake it");
        domain.Inflate(PageClass.Free, new Pages(1));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1401)));
    });

    [Test]
    public void With_memory_hotplug_a_guest_grows_above_the_size_with_which_it_booted() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv, balloon: new BalloonSpec { Hotplug = true }) with { StaticMax = MiB(2048) });
        domain.SetMaxMem(MiB(3000));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1500));
        await world.Clock.After(0.9);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)), "it waits a second for the memory that it added");
        await world.Clock.After(5);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1500)));
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(2500));
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(2048)));
        Assert.That(world.Trace[^1], Does.Contain("gives up at 2 GiB on its way to 2.44 GiB"));
    });

    [Test]
    public void A_guest_that_sleeps_reacts_late_to_each_target() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { SleepsFor = TimeSpan.FromSeconds(40) }));
        foreach (var target in new long[] { 512, 800 })
        {
            var before = domain.Info.Footprint;
            await world.BalloonAsync(domain, MiB(target));
            await world.Clock.After(39);
            Assert.That(domain.Info.Footprint, Is.EqualTo(before));
            await world.Clock.After(10);
            Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(target)));
        }
    });

    [Test]
    public void A_guest_that_moves_one_page_every_19_seconds_is_never_still_and_never_there() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { OnePageEvery = TimeSpan.FromSeconds(19) }));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(192);
        Assert.That(domain.TotPages, Is.EqualTo(MiB(1024).ToPages() - new Pages(10)));
    });

    [Test]
    public void A_guest_that_fights_goes_back_to_the_size_with_which_it_booted() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { FightsAfter = TimeSpan.FromSeconds(30) }));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(29);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(512)));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
        Assert.That(world.Trace, Has.Some.EndsWith("(web-1) sets its own target, 1 GiB"));
        await world.BalloonAsync(domain, MiB(600));
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(600)), "it obeys a while, each time");
    });

    private static async Task<SimulatedDomain> StuckAtMaxMemAsync(World world, BalloonSpec? balloon = null)
    {
        var domain = await world.BootAsync(Domain(balloon: balloon) with { StaticMax = MiB(2048) });
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1400));
        await world.Clock.After(0.5);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)), "it is at max_mem");
        return domain;
    }
}
