using Actors.Balloon;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class BalloonRulesTests
{
    [TestCase(1024, 1015, 8, 9, TestName = "HVM: video memory and special pages")]
    [TestCase(1024, 1023, 0, 1, TestName = "PVH: special pages")]
    [TestCase(1024, 1024, 0, 0, TestName = "PV: none")]
    [TestCase(1024, 512, 8, 8, TestName = "Still moving: only the video memory is known")]
    [TestCase(1024, null, 8, 8, TestName = "No target: only the video memory is known")]
    public void The_offset_is_the_memory_outside_the_balloon(long populated, long? target, long video, long offset) =>
        Assert.That(BalloonOffset.Learn(Kib.FromMiB(populated), target is { } current ? Kib.FromMiB(current) : null, Kib.FromMiB(video)), Is.EqualTo(Kib.FromMiB(offset)));

    [Test]
    public void The_balloon_target_excludes_the_offset_and_the_pools()
    {
        var plan = BalloonPlan.Of(Target(512), Kib.FromMiB(9), Of(1024, pools: 100));
        Assert.That(plan, Is.EqualTo(new BalloonPlan(Kib.FromMiB(512), Kib.FromMiB(512 - 9 - 100), null)));
        Assert.That(plan.MaxMem, Is.EqualTo(Kib.FromMiB(513)));
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

    [Test]
    public void A_written_record_reads_back_unchanged() => Prop.ForAll<(int Offset, int Found, int Max), (int? Written, long? Yielded)>((one, two) =>
    {
        var record = new BalloonRecord
        {
            Offset = new Kib(one.Offset),
            Found = new Kib(one.Found),
            FoundMaxMem = new Kib(one.Max),
            Written = two.Written is { } written ? new Kib(written) : null,
            Yielded = two.Yielded % 1000,
        };
        return BalloonRecord.Parse(record.ToString()) == record;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_text_can_be_read_as_a_record() =>
        Prop.ForAll<string>(text => BalloonRecord.Parse(text) is not null).QuickCheckThrowOnFailure();

    [Test]
    public void A_request_that_yielded_is_resumed_only_by_a_newer_request_or_another_target()
    {
        var record = new BalloonRecord { Written = Kib.FromMiB(503), Yielded = 4 };
        bool Owns(long target, long serial, long current = 900) => SecondWriter.StillOwns(
            record, Kib.FromMiB(current), BalloonPlan.Of(Target(target, serial: serial), Kib.FromMiB(9), Of(1024)), Target(target, serial: serial));
        Assert.Multiple(() =>
        {
            Assert.That(Owns(512, serial: 4), Is.True);
            Assert.That(Owns(512, serial: 0), Is.True, "a chain that repeats the request does not make it newer");
            Assert.That(Owns(512, serial: 5), Is.False);
            Assert.That(Owns(600, serial: 0), Is.False);
            Assert.That(Owns(512, serial: 4, current: 503), Is.False, "the other program restored our target");
        });
    }

    [Test]
    public void The_reason_for_a_stuck_guest_depends_on_how_far_it_came_and_what_it_published()
    {
        var progress = new BalloonProgress(Kib.FromMiB(1024), Kib.FromMiB(512), 0);
        Assert.Multiple(() =>
        {
            Assert.That(progress.WhyStuck(Kib.FromMiB(1024), null), Does.Contain("never published control/feature-balloon"));
            Assert.That(progress.WhyStuck(Kib.FromMiB(1024), "1"), Does.Contain("although it published"));
            Assert.That(progress.WhyStuck(Kib.FromMiB(700), null), Does.Contain("stopped at 700 MiB, 188 MiB above the target"));
        });
    }

    [Test]
    public void Only_a_smaller_distance_counts_as_progress()
    {
        var progress = new BalloonProgress(Kib.FromMiB(1024), Kib.FromMiB(512), 0).Observe(Kib.FromMiB(1000), 1).Observe(Kib.FromMiB(1010), 2).Observe(Kib.FromMiB(1000), 3);
        Assert.That(progress.LastMoved, Is.EqualTo(1));
    }
}
