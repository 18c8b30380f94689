using Actors.Balloon;
using Actors.Sdk;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class BalloonRulesTests
{
    [TestCase(1024, 1015, 8, 9, TestName = "HVM: video memory and special pages")]
    [TestCase(1024, 1023, 0, 1, TestName = "PVH: special pages")]
    [TestCase(1024, 1024, 0, 0, TestName = "PV: none")]
    [TestCase(1024, 512, 8, null, TestName = "Still moving: no offset")]
    [TestCase(1024, null, 8, null, TestName = "No target: no offset")]
    public void The_offset_is_the_memory_outside_the_balloon(long populated, long? target, long video, long? offset) => Assert.That(
        BalloonOffset.Learn(Of(populated), target is { } current ? Kib.FromMiB(current) : null, Kib.FromMiB(video)),
        Is.EqualTo(offset is { } known ? Kib.FromMiB(known) : (Kib?)null));

    [Test]
    public void The_balloon_target_excludes_the_offset_and_the_pools()
    {
        var plan = BalloonPlan.Of(Target(512), Kib.FromMiB(9), Of(1024, pools: 100));
        Assert.That(plan, Is.EqualTo(new BalloonPlan(Kib.FromMiB(512), Kib.FromMiB(512 - 9 - 100), null)));
        Assert.That(BalloonPlan.MaxMemFor(plan.Footprint), Is.EqualTo(Kib.FromMiB(513)));
    }

    [TestCase(512 * 1024, 512 * 1024)]
    [TestCase((512 * 1024) + 1024, 512 * 1024, TestName = "Between two steps, the lower one")]
    [TestCase((512 * 1024) + 1025, 514 * 1024)]
    [TestCase(151 * 1024, 152 * 1024, TestName = "Never below the floor")]
    public void With_superpages_the_balloon_target_is_the_nearest_multiple_of_2_MiB(long target, long expected)
    {
        var request = Target(0, floor: 151) with { Target = new Kib(target), Argument = "superpages" };
        var offset = Kib.FromMiB(1);
        var plan = BalloonPlan.Of(request with { Target = request.Target + offset, Floor = request.Floor + offset }, offset, Of(1024));
        Assert.That((plan.Target, plan.Footprint), Is.EqualTo((new Kib(expected), new Kib(expected) + offset)));
    }

    [Test]
    public void A_step_of_2_MiB_is_a_reason_to_stop_only_if_the_tolerance_is_smaller()
    {
        var request = Target(513) with { Argument = "superpages" };
        Assert.That(BalloonPlan.Of(request, Kib.Zero, Of(1024)).Clipped, Is.Null);
        Assert.That(BalloonPlan.Of(request with { Tolerance = new Kib(256) }, Kib.Zero, Of(1024)).Clipped,
            Is.EqualTo("balloon:superpages moves in steps of 2 MiB: the balloon stops at 512 MiB"));
    }

    [Test]
    public void A_target_below_the_floor_is_clipped_with_a_reason()
    {
        var plan = BalloonPlan.Of(Target(200, floor: 150), Kib.FromMiB(9), Of(1024, pools: 100));
        Assert.That(plan.Footprint, Is.EqualTo(Kib.FromMiB(250)), "the guest cannot use the memory in its pools");
        Assert.That(plan.Clipped, Is.EqualTo("the target 200 MiB is below the guest's floor of 150 MiB plus 100 MiB in its tmem pools: the balloon stops at 250 MiB"));
    }

    [Test]
    public void Max_mem_is_restored_to_the_found_value_or_to_what_the_restored_target_needs()
    {
        Kib For(long found) => BalloonPlan.MaxMemFor(new BalloonRecord { FoundMaxMem = Kib.FromMiB(found) }, Kib.FromMiB(1015), Kib.FromMiB(9), Of(512));
        Assert.That((For(2048), For(600)), Is.EqualTo((Kib.FromMiB(2048), Kib.FromMiB(1025))));
    }

    [TestCase(DomainKind.Pv, 32 * 1024, 0, true)]
    [TestCase(DomainKind.Pv, (32 * 1024) + 1, 0, false)]
    [TestCase(DomainKind.Pv, -32 * 1024, 0, true)]
    [TestCase(DomainKind.Hvm, 64 * 1024, 0, true, TestName = "HVM: large firmware")]
    [TestCase(DomainKind.Hvm, 80 * 1024, 16 * 1024, true, TestName = "HVM: large firmware and video memory")]
    [TestCase(DomainKind.Hvm, (64 * 1024) + 1, 0, false, TestName = "HVM: more than firmware")]
    [TestCase(DomainKind.Hvm, -24 * 1024, 8 * 1024, true)]
    [TestCase(DomainKind.Hvm, (-24 * 1024) - 1, 8 * 1024, false)]
    [TestCase(DomainKind.Pvh, 45 * 1024, 0, true, TestName = "PVH: the shim of a PV guest of 2 GiB holds 23 MiB and 1/90 of it")]
    [TestCase(DomainKind.Pvh, 60 * 1024, 0, false, TestName = "PVH: more than a shim")]
    public void An_offset_is_plausible_as_far_as_a_domain_of_its_kind_has_one(DomainKind kind, int offset, int video, bool plausible) =>
        Assert.That(BalloonOffset.IsPlausible(new Kib(offset), new Kib(video), Of(1024) with { Kind = kind }), Is.EqualTo(plausible));

    [Test]
    public void Dom0_has_no_shim_although_its_max_mem_has_no_bound() =>
        Assert.That(BalloonOffset.IsPlausible(Kib.FromGiB(1), Kib.Zero, Of(1024, maxMem: 1L << 40) with { Domid = 0 }), Is.False);

    [Test]
    public void The_balloon_leaves_a_guest_what_it_reports_to_need_and_what_it_was_seen_to_need()
    {
        var request = Target(200, floor: 150) with { Learned = new LearnedLimit(Kib.FromMiB(284), "its balloon stopped at 284 MiB") };
        string? Clipped(TargetRequest asked, long? need, long populated = 1024) =>
            BalloonPlan.Of(asked, Kib.Zero, Of(populated), null, need is { } known ? Kib.FromMiB(known) : null).Clipped;
        Assert.Multiple(() =>
        {
            Assert.That(Clipped(request, null), Is.EqualTo("the guest needs more than 200 MiB: its balloon stopped at 284 MiB: the balloon stops at 300 MiB"));
            Assert.That(Clipped(request, 400), Is.EqualTo("the guest reports that it needs 400 MiB: the balloon stops at 400 MiB"));
            Assert.That(Clipped(request, 400, populated: 350), Is.EqualTo("the guest reports that it needs 400 MiB: the balloon stops at 350 MiB"), "it never grows");
            Assert.That(Clipped(request with { FloorIsExplicit = true }, 400), Is.Null, "whoever set the floor knows the guest better");
            Assert.That(Clipped(request with { Target = Kib.FromMiB(500) }, 400), Is.Null);
        });
    }

    [Test]
    public void A_target_at_the_floor_is_not_clipped() =>
        Assert.That(BalloonPlan.Of(Target(250, floor: 150), Kib.Zero, Of(1024, pools: 100)).Clipped, Is.Null);

    [Test]
    public void The_reason_for_a_clipped_target_names_pools_only_if_there_are_any() =>
        Assert.That(BalloonPlan.Of(Target(100, floor: 150), Kib.Zero, Of(1024)).Clipped,
            Is.EqualTo("the target 100 MiB is below the guest's floor of 150 MiB: the balloon stops at 150 MiB"));

    [Test]
    public void A_restored_target_also_needs_room_for_the_pools() =>
        Assert.That(
            BalloonPlan.MaxMemFor(new BalloonRecord { FoundMaxMem = Kib.FromMiB(600) }, Kib.FromMiB(1015), Kib.FromMiB(9), Of(512, pools: 100)),
            Is.EqualTo(Kib.FromMiB(1125)));

    [Test]
    public void Without_a_found_value_max_mem_is_not_lowered() =>
        Assert.That(BalloonPlan.MaxMemFor(new BalloonRecord(), Kib.FromMiB(512), Kib.Zero, Of(512, maxMem: 2048)), Is.EqualTo(Kib.FromMiB(2048)));
}
