using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

/// <summary>The pager when it is killed, or its domain destroyed, at an inconvenient moment.</summary>
internal sealed class PagerLifeTests
{
    [Test]
    public void A_pager_that_is_killed_while_it_stops_can_be_replaced_after_a_reboot_and_reports_why_it_died() => World.Run(async world =>
    {
        var domain = await PagedOutAsync(world);
        var paging = world.PagingOf(domain);
        var stop = paging.StopAsync().AsTask();
        await world.Clock.After(1);
        await world.Toolstack.KillPagerAsync(domain.Domid);
        await stop;

        Assert.That(paging.Running, Is.False);
        Assert.That(paging.Fault, Is.EqualTo("xenpaging was killed (signal 9)"));
        await Assert.ThatAsync(async () => await paging.StartAsync(), Throws.InstanceOf<MechanismException>().With.Message.Contains("restart the guest"));
        var successor = await world.Toolstack.RebootAsync(domain.Domid);
        await world.PagingOf(successor).StartAsync();
        Assert.That(world.PagingOf(successor), Has.Property(nameof(IPaging.Running)).True.And.Property(nameof(IPaging.Fault)).Null);
    });

    [Test]
    public void The_death_of_a_pager_is_raised_with_the_domid_and_the_reason_and_its_end_on_request_is_not() => World.Run(async world =>
    {
        List<(int Domid, string Why)> died = [];
        world.Host.PagerDied += (domid, why) => died.Add((domid, why));
        var stopped = await PagedOutAsync(world);
        await world.PagingOf(stopped).StopAsync();
        await world.Toolstack.KillPagerAsync(stopped.Domid);
        Assert.That(died, Is.Empty);

        await world.PagingOf(stopped).StartAsync();
        await world.Toolstack.KillPagerAsync(stopped.Domid);
        Assert.That(died, Is.EqualTo(new[] { (stopped.Domid, "xenpaging was killed (signal 9)") }));
    });

    [Test]
    public void Pages_that_the_guest_touches_are_counted_and_others_that_come_back_are_not() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(mebibytes: 4096, balloon: new BalloonSpec { Behaviour = BalloonBehaviour.Refuses }, workingSet: 3072));
        var paging = world.PagingOf(domain);
        await world.WriteAsync(domain, DomainKeys.PagingTarget, MiB(2048));
        await paging.StartAsync();
        await world.Clock.After(120);
        var before = paging.FaultedIn!.Value;
        await world.Clock.After(10);
        Assert.That((paging.FaultedIn!.Value - before).Value / 10, Is.GreaterThan(1000), "page-ins per second: its working set does not fit");

        await world.Toolstack.PauseAsync(domain.Domid);
        before = paging.FaultedIn!.Value;
        await paging.StopAsync();
        Assert.That(paging.FaultedIn, Is.EqualTo(before), "the pager brought everything back while the guest was paused");
    });

    [Test]
    public void A_start_that_waits_for_a_stop_fails_when_the_domain_is_destroyed() => World.Run(async world =>
    {
        var domain = await PagedOutAsync(world);
        var paging = world.PagingOf(domain);
        var stop = paging.StopAsync().AsTask();
        var start = paging.StartAsync().AsTask();
        await world.Toolstack.DestroyAsync(domain.Domid);
        await stop;
        await Assert.ThatAsync(() => start, Throws.InstanceOf<DomainGoneException>());
        Assert.That(paging.Running, Is.False);
    });

    [Test]
    public void A_domain_that_is_being_destroyed_cannot_be_rebooted() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        var destroyed = world.Toolstack.DestroyAsync(domain.Domid);
        await Assert.ThatAsync(() => world.Toolstack.RebootAsync(domain.Domid), Throws.InvalidOperationException);
        await destroyed;
        Assert.That(world.Host.Find(domain.Spec.Name), Is.Null);
    });

    private static async Task<SimulatedDomain> PagedOutAsync(World world)
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { Behaviour = BalloonBehaviour.Refuses }));
        await world.WriteAsync(domain, DomainKeys.PagingTarget, MiB(512));
        await world.PagingOf(domain).StartAsync();
        await world.Clock.After(20);
        Assert.That(domain.Info.PagedPages, Is.GreaterThan(Pages.Zero));
        return domain;
    }
}
