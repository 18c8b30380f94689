using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class PagerTests
{
    private static readonly BalloonSpec Refuses = new() { Behaviour = BalloonBehaviour.Refuses };

    [Test]
    public void It_moves_a_footprint_to_its_target_without_the_guest() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses));
        await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint.Value, Near(MiB(512)));
        Assert.That(domain.Info.Populated, Is.EqualTo(MiB(1024)), "the guest knows nothing of it");
        Assert.That((await world.Host.GetHostMemoryAsync()).Free.Value, Near(MiB(8192 - 512 - 512)));
    });

    [Test]
    public void A_paravirtualised_domain_cannot_be_paged() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv));
        var offer = world.Host.GetMechanism<IPaging>(domain.Domid);
        Assert.That(offer.Available, Is.False);
        Assert.That(offer.WhyNot, Is.EqualTo("paging needs hardware-assisted paging (HAP): domain 1 is PV"));
    });

    [Test]
    public void A_hypervisor_without_paging_offers_none() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        Assert.That(world.Host.GetMechanism<IPaging>(domain.Domid).WhyNot, Is.EqualTo("this hypervisor is built without memory paging (CONFIG_MEM_PAGING; ENOSYS)"));
    }, new HostSpec { Paging = false });

    [Test]
    public void What_the_guest_touches_comes_back_and_other_pages_go() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses, workingSet: 600));
        await StartAsync(world, domain, MiB(800));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint.Value, Near(MiB(800)));
        Assert.That(domain.Memory.PagedOutOf(PageClass.Hot).ToKib(), Is.LessThan(MiB(30)), "most of the working set ends up inside");
    });

    [TestCase("0")]
    [TestCase(null)]
    public void Without_a_target_it_pages_everything_in(string? target) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses));
        await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        if (target is null)
            await world.Dom0.RemoveAsync($"/local/domain/1/{DomainKeys.PagingTarget}");
        else
            await world.Toolstack.WriteAsync(1, DomainKeys.PagingTarget, target);
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
        Assert.That(world.PagingOf(domain).Running);
    });

    [Test]
    public void A_higher_target_pages_in_up_to_that_target() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses));
        await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        await world.WriteAsync(domain, DomainKeys.PagingTarget, MiB(700));
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(700)));
    });

    [Test]
    public void Stopping_pages_everything_in_first() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses));
        var paging = await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        await paging.StopAsync();
        Assert.That(paging.Running, Is.False);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
    });

    [Test]
    public void A_stop_continues_when_its_caller_gives_up_and_a_start_comes_after_it() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses));
        var paging = await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1), world.Clock);
        await Assert.ThatAsync(async () => await paging.StopAsync(hurry.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(paging.Running);
        await paging.StartAsync();
        Assert.That(domain.Info.PagedPages, Is.EqualTo(Pages.Zero));
        Assert.That(paging.Running);
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint.Value, Near(MiB(512)));
    });

    [Test]
    public void Stopping_waits_for_room_when_there_is_none() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Refuses));
        var paging = await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        domain.SetMaxMem(MiB(600));
        var stop = paging.StopAsync().AsTask();
        await world.Clock.After(60);
        Assert.That(stop.IsCompleted, Is.False);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(600)));
        domain.SetMaxMem(MiB(1025));
        await stop;
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
    });

    [Test]
    public void A_slow_balloon_eventually_makes_the_pager_unnecessary() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { Rate = Rate.MiBPerSecond(4) }, workingSet: 200));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(20);
        await StartAsync(world, domain, MiB(512));
        await world.Clock.After(20);
        Assert.That(domain.Info.Footprint.Value, Near(MiB(512)));
        Assert.That(domain.Info.PagedPages, Is.GreaterThan(Pages.Zero));
        await world.Clock.After(200);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(512)));
        Assert.That(domain.Info.PagedPages, Is.EqualTo(Pages.Zero), "the balloon holds what the pager held");
        Assert.That(world.Trace, Has.Some.Contains("balloon reached 512 MiB"));
    });

    [Test]
    public void A_page_that_is_ballooned_while_paged_out_lowers_only_paged_pages() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        await StartAsync(world, domain, MiB(256));
        await world.Clock.After(20);
        await world.WriteAsync(domain, DomainKeys.PagingTarget, MiB(250));
        await world.BalloonAsync(domain, MiB(900));
        await world.Clock.After(20);
        Assert.That(domain.Info.Populated, Is.EqualTo(MiB(900)));
        Assert.That(domain.Info.Footprint.Value, Near(MiB(250)));
    });

    /// <summary>The pages that the guest touches keep a footprint under a pager moving a little.</summary>
    private static NUnit.Framework.Constraints.EqualNumericWithoutUsingConstraint<long> Near(Kib amount) => Is.EqualTo(amount.Value).Within(MiB(8).Value);

    private static async Task<IPaging> StartAsync(World world, SimulatedDomain domain, Kib target)
    {
        var paging = world.PagingOf(domain);
        await paging.StartAsync();
        await world.WriteAsync(domain, DomainKeys.PagingTarget, target);
        return paging;
    }
}
