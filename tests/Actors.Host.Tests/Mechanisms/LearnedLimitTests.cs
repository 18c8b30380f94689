using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>What a guest's crash or its stopped balloon teaches, by UUID.</summary>
internal sealed class LearnedLimitTests
{
    private static readonly Kib Target = Kib.FromMiB(450);

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public void A_guest_whose_kernel_needs_more_than_its_target_survives_with_a_current_driver_or_with_reports(bool older, bool reports) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, older, reports);

        var state = await BalloonAsync(world, domid);
        await world.AfterAsync(180);

        Assert.That(world.Info(domid).State, Is.EqualTo(DomainState.Running));
        Assert.That((state.Outcome, world.Footprint(domid) > Kib.FromMiB(600)), Is.EqualTo(("short", true)));
    });

    [Test]
    public void A_guest_that_is_killed_is_killed_only_once_and_the_outcome_says_by_what() => TestWorld.Run(async world =>
    {
        await using (await world.StartHostAsync())
        {
            var first = await CreateAsync(world, older: true, reports: false);
            var killed = await BalloonAsync(world, first);
            Assert.That(world.Info(first).State, Is.EqualTo(DomainState.Crashed), "an older driver without reports gives no warning");
            Assert.That(world.Journal.Select(entry => entry.Reason), Has.Some.Contains("the guest crashed at 60").And.Some.Contains("probably ran out of memory"));
            Assert.That(killed.Outcome, Is.AnyOf("failed", "unable"));
            await world.Toolstack.DestroyAsync(first);
        }

        await using var host = await world.StartHostAsync();
        var second = await CreateAsync(world, older: true, reports: false);
        var state = await BalloonAsync(world, second);
        await world.AfterAsync(180);

        Assert.That(world.Info(second).State, Is.EqualTo(DomainState.Running));
        Assert.That((state.Outcome, state.Reason), Is.EqualTo(("short", state.Reason)));
        Assert.That(state.Reason, Does.Contain("it crashed at 60").And.Contain("the balloon stops at 63"));
    });

    [Test]
    public void A_guest_whose_balloon_stopped_is_not_pressed_again_for_half_an_hour() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, older: false, reports: false);
        await BalloonAsync(world, domid);

        var again = await BalloonAsync(world, domid, Target + Kib.FromMiB(1));
        Assert.That(again.Reason, Does.Contain("its balloon stopped at 6"));

        await world.AfterAsync(1801);
        var later = await BalloonAsync(world, domid, Target + Kib.FromMiB(2));
        Assert.That(later.Reason, Does.Contain("the guest cannot free more"));
    });

    [Test]
    public void A_guest_that_crashes_after_its_outcome_is_not_brought_there_again() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var first = await CreateAsync(world, older: false, reports: false);
        Assert.That((await BalloonAsync(world, first, Kib.FromMiB(700))).Outcome, Is.EqualTo("reached"));
        world.Machine.Find(first)!.SetState(DomainState.Crashed);
        await world.AfterAsync(15);
        await world.Toolstack.DestroyAsync(first);

        var second = await CreateAsync(world, older: false, reports: false);
        var state = await BalloonAsync(world, second, Kib.FromMiB(701));

        Assert.That((state.Outcome, state.Reason), Is.EqualTo(("short", "balloon: the guest needs more than 701 MiB: it crashed at 700 MiB: the balloon stops at 735 MiB; waiting for memory that the guest can spare; retried automatically")));
    });

    [Test]
    public void Only_dom0_can_read_what_was_learned() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, older: false, reports: false);
        await BalloonAsync(world, domid);

        Assert.That($"{await world.DomainZero.GetPermissionsAsync($"/tool/actors-learned/{world.Info(domid).Uuid}")}", Is.EqualTo("n0"));
    });

    private static async Task<int> CreateAsync(TestWorld world, bool older, bool reports)
    {
        var spec = new DomainSpec
        {
            Name = "kern",
            Memory = Kib.FromGiB(4),
            Guest = new GuestSpec
            {
                Kernel = Kib.FromMiB(600),
                Balloon = new BalloonSpec { Driver = older ? BalloonDriverKind.Older : BalloonDriverKind.Current },
                Reports = reports ? new ReportSpec { Every = TimeSpan.FromSeconds(1) } : null,
            },
        };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromSeconds(1), world.Time);
        return domain.Domid;
    }

    private static async Task<StateKey> BalloonAsync(TestWorld world, int domid, Kib? target = null)
    {
        await world.SetAsync(domid, "actor", "xl:balloon");
        return await world.ReachAsync(domid, target ?? Target);
    }
}
