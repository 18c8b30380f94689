using Actors.Balloon;
using Actors.Sdk;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class BalloonProgressTests
{
    [Test]
    public void Only_a_smaller_distance_counts_as_progress()
    {
        var progress = new BalloonProgress(Kib.FromMiB(1024), Kib.FromMiB(512), 0).Observe(Kib.FromMiB(1000), 1).Observe(Kib.FromMiB(1010), 2).Observe(Kib.FromMiB(1000), 3);
        Assert.That(progress.LastMoved, Is.EqualTo(1));
    }

    [Test]
    public void Moving_away_from_the_target_is_no_progress() =>
        Assert.That(Shrinking.Observe(Kib.FromMiB(1030), 1).LastMoved, Is.Zero);

    [Test]
    public void A_change_of_less_than_1_MiB_is_noise()
    {
        Assert.That(Shrinking.NeverMoved(Kib.FromMiB(1024) - new Kib(1023)), Is.True);
        Assert.That(Shrinking.NeverMoved(Kib.FromMiB(1023)), Is.False);
    }

    [TestCase(1024, null, "the guest does not react and never published control/feature-balloon (under xl, guests cannot): it has no balloon driver, "
        + "or the driver is stuck; check the guest's console, or use paging (HVM, PVH)")]
    [TestCase(1024, "1", "the guest does not react, although it published control/feature-balloon: its balloon driver is stuck; check the guest's console, "
        + "or use paging (HVM, PVH)")]
    [TestCase(700, null, "the guest's balloon driver stopped at 700 MiB, 188 MiB above the target: the guest cannot free more")]
    public void The_reason_for_a_stuck_guest_depends_on_how_far_it_came_and_what_it_published(long populated, string? feature, string reason) =>
        Assert.That(Shrinking.WhyStuck(Kib.FromMiB(populated), feature), Is.EqualTo(reason));

    [Test]
    public void A_guest_that_stops_growing_may_lack_memory_of_the_host() =>
        Assert.That(new BalloonProgress(Kib.FromMiB(512), Kib.FromMiB(1024), 0).WhyStuck(Kib.FromMiB(700), null), Is.EqualTo(
            "the guest's balloon driver stopped at 700 MiB, 324 MiB below the target: the host has no free memory left, or the driver gave up"));

    private static BalloonProgress Shrinking => new(Kib.FromMiB(1024), Kib.FromMiB(512), 0);
}
