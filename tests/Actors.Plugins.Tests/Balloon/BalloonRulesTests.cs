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
    [TestCase(1024, 512, 8, 8, TestName = "On its way somewhere: no more than the video memory is known")]
    [TestCase(1024, null, 8, 8, TestName = "No target: no more than the video memory is known")]
    public void The_offset_is_what_the_balloon_never_reaches(long populated, long? target, long video, long offset) =>
        Assert.That(BalloonOffset.Learn(Kib.FromMiB(populated), target is { } asked ? Kib.FromMiB(asked) : null, Kib.FromMiB(video)), Is.EqualTo(Kib.FromMiB(offset)));

    [Test]
    public void The_aim_leaves_out_what_is_beyond_the_balloons_reach()
    {
        var aim = BalloonAim.Of(Target(512), Kib.FromMiB(9), Of(1024, pools: 100));
        Assert.That(aim, Is.EqualTo(new BalloonAim(Kib.FromMiB(512), Kib.FromMiB(512 - 9 - 100), null)));
        Assert.That(aim.MaxMem, Is.EqualTo(Kib.FromMiB(513)));
    }

    [Test]
    public void The_aim_stops_at_the_floor_and_says_so()
    {
        var aim = BalloonAim.Of(Target(200, floor: 150), Kib.FromMiB(9), Of(1024, pools: 100));
        Assert.That(aim.Footprint, Is.EqualTo(Kib.FromMiB(250)), "the guest cannot live on what is in its pools");
        Assert.That(aim.Clipped, Does.Contain("its floor of 150 MiB").And.Contain("100 MiB in its tmem pools").And.Contain("250 MiB and no less"));
    }

    [Test]
    public void Max_mem_is_given_back_with_the_target_or_what_that_takes()
    {
        Kib For(long found) => BalloonAim.MaxMemFor(new BalloonRecord { FoundMaxMem = Kib.FromMiB(found) }, Kib.FromMiB(1015), Kib.FromMiB(9), Of(512));
        Assert.That((For(2048), For(600)), Is.EqualTo((Kib.FromMiB(2048), Kib.FromMiB(1025))));
    }

    [Test]
    public void A_record_reads_as_it_was_written() => Prop.ForAll<(int Offset, int Found, int Max), (int? Asked, long? Yielded)>((one, two) =>
    {
        var record = new BalloonRecord
        {
            Offset = new Kib(one.Offset),
            Found = new Kib(one.Found),
            FoundMaxMem = new Kib(one.Max),
            Asked = two.Asked is { } asked ? new Kib(asked) : null,
            Yielded = two.Yielded % 1000,
        };
        return BalloonRecord.Parse(record.ToString()) == record;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Whatever_stands_there_it_is_a_record() =>
        Prop.ForAll<string>(text => BalloonRecord.Parse(text) is not null).QuickCheckThrowOnFailure();

    [Test]
    public void A_request_that_was_given_up_is_taken_up_by_a_newer_or_another_one()
    {
        var record = new BalloonRecord { Asked = Kib.FromMiB(503), Yielded = 4 };
        bool Has(long target, long serial, long there = 900) => SecondWriter.StillHas(
            record, Kib.FromMiB(there), BalloonAim.Of(Target(target, serial: serial), Kib.FromMiB(9), Of(1024)), Target(target, serial: serial));
        Assert.Multiple(() =>
        {
            Assert.That(Has(512, serial: 4), Is.True);
            Assert.That(Has(512, serial: 0), Is.True, "a chain that asks again is no newer one");
            Assert.That(Has(512, serial: 5), Is.False);
            Assert.That(Has(600, serial: 0), Is.False);
            Assert.That(Has(512, serial: 4, there: 503), Is.False, "the other writer went back");
        });
    }

    [Test]
    public void Why_a_guest_is_stuck_depends_on_what_it_did_and_published()
    {
        var motion = new Motion(Kib.FromMiB(1024), Kib.FromMiB(512), 0);
        Assert.Multiple(() =>
        {
            Assert.That(motion.WhyStuck(Kib.FromMiB(1024), null), Does.Contain("never published control/feature-balloon"));
            Assert.That(motion.WhyStuck(Kib.FromMiB(1024), "1"), Does.Contain("although it published"));
            Assert.That(motion.WhyStuck(Kib.FromMiB(700), null), Does.Contain("stopped at 700 MiB, 188 MiB above the target"));
        });
    }

    [Test]
    public void Only_what_brings_a_guest_nearer_is_motion()
    {
        var motion = new Motion(Kib.FromMiB(1024), Kib.FromMiB(512), 0).See(Kib.FromMiB(1000), 1).See(Kib.FromMiB(1010), 2).See(Kib.FromMiB(1000), 3);
        Assert.That(motion.LastMoved, Is.EqualTo(1));
    }
}
