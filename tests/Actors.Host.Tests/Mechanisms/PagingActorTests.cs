using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>The paging actor where Xen allows it, and its reasons where Xen does not.</summary>
internal sealed class PagingActorTests
{
    private static readonly Kib Half = Kib.FromMiB(512);

    private static readonly object[] Refusals =
    [
        new object[] { new DomainSpec { Name = "d", Memory = Kib.FromGiB(1), Hap = false }, "Hardware Assisted Paging (ENODEV)" },
        new object[] { new DomainSpec { Name = "d", Memory = Kib.FromGiB(1), PopulateOnDemand = true }, "PoD guest (EXDEV)" },
        new object[] { new DomainSpec { Name = "d", Memory = Kib.FromGiB(1), Passthrough = true }, "iommu passthrough is enabled (EMLINK)" },
        new object[] { new DomainSpec { Name = "d", Memory = Kib.FromGiB(1), OtherPager = true }, "is (or was) active on this domain (EBUSY)" },
        new object[] { new DomainSpec { Name = "d", Memory = Kib.FromGiB(1), Kind = DomainKind.Pv }, "is PV" },
        new object[] { new DomainSpec { Name = "d", Memory = Kib.FromGiB(3) }, "no room for a page file of 3 GiB: its disk has 2 GiB free (ENOSPC)" },
    ];

    [TestCaseSource(nameof(Refusals))]
    public void Where_paging_is_impossible_the_reason_of_the_hypervisor_is_reported(object spec, string reason) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, (DomainSpec)spec);

        var state = await PageAsync(world, domid, Half);

        Assert.That(state.Outcome, Is.EqualTo("unable"));
        Assert.That(state.Reason, Does.Contain(reason));
    }, new HostSpec { Memory = Kib.FromGiB(8), PagingDisk = Kib.FromGiB(2) });

    [Test]
    public void A_pager_that_dies_takes_its_pages_with_it_and_the_guest_must_be_restarted() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "paging");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(3);

        await world.Toolstack.KillPagerAsync(domid);
        var state = await world.StateAsync(domid, state => state.Final);
        var next = await world.ReachAsync(domid, Kib.FromMiB(600));

        Assert.That(state.Outcome, Is.EqualTo("failed"));
        Assert.That(state.Reason, Does.Contain("xenpaging was killed (signal 9)").And.Contain("are lost").And.Contain("restart the guest"));
        Assert.That(next.Outcome, Is.EqualTo("failed"));
        Assert.That(next.Reason, Does.Contain("are lost").And.Contain("restart the guest"));
    });

    [Test]
    public void A_pager_that_dies_after_the_outcome_is_reported_as_soon_as_the_host_notices() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        var reached = await PageAsync(world, domid, Half);

        await world.Toolstack.KillPagerAsync(domid);
        world.Services.ReportHoldingsChanged(domid);
        var state = await world.StateAsync(domid, state => state.Final && state.Serial > reached.Serial);

        Assert.That(state.Outcome, Is.EqualTo("failed"));
        Assert.That(state.Reason, Does.Contain("are lost").And.Contain("restart the guest"));
    });

    [Test]
    public void A_pager_that_is_relaxed_by_a_chain_reports_the_footprint_before_and_after() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, new DomainSpec { Name = "stuck", Memory = Kib.FromGiB(1), Guest = new GuestSpec { Balloon = new BalloonSpec { Behaviour = BalloonBehaviour.Refuses } } });
        await world.ReachAsync(domid, Half);

        var state = await world.ReachAsync(domid, Kib.FromMiB(768));

        Assert.That((state.Outcome, state.Actor), Is.EqualTo(("reached", "paging")));
        Assert.That(state.Reason, Does.StartWith("the pager went from 512 MiB to 76").Or.StartsWith("the pager went from 513 MiB to 76"));
    });

    [Test]
    public void A_release_after_the_death_of_the_pager_logs_what_is_lost_and_continues() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await PageAsync(world, domid, Half);
        await world.Toolstack.KillPagerAsync(domid);

        await world.SetAsync(domid, "actor", "external");
        await world.StateAsync(domid, state => state.Outcome == "external");

        Assert.That(world.Machine.IsPaging(domid), Is.False);
        Assert.That(world.Logged, Has.One.Contains("are lost").And.Contain("restart the guest"));
    });

    private static async Task<int> CreateAsync(TestWorld world, DomainSpec spec)
    {
        var domain = await world.Toolstack.CreateAsync(spec);
        await world.AfterAsync(3);
        return domain.Domid;
    }

    private static async Task<StateKey> PageAsync(TestWorld world, int domid, Kib target)
    {
        await world.SetAsync(domid, "actor", "paging");
        return await world.ReachAsync(domid, target);
    }
}
