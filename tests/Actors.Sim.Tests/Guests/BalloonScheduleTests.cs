using Actors.Sdk;
using Actors.Sim.Guests;

namespace Actors.Sim.Tests;

/// <summary>When Linux's balloon driver tries again, gives up and wakes.</summary>
internal sealed class BalloonScheduleTests
{
    [Test]
    public void It_retries_after_2_4_and_8_seconds_and_gives_up_at_the_fourth_failure()
    {
        var schedule = new BalloonSchedule();
        foreach (var seconds in new[] { 2, 4, 8 })
        {
            schedule = schedule.After(BalloonState.Again);
            Assert.That((schedule.State, schedule.Sleep), Is.EqualTo((BalloonState.Again, TimeSpan.FromSeconds(seconds))));
        }
        schedule = schedule.After(BalloonState.Again);
        Assert.That((schedule.State, schedule.Sleep), Is.EqualTo((BalloonState.Cancelled, TimeSpan.FromSeconds(3600))));
    }

    [Test]
    public void A_success_and_giving_up_both_start_the_count_again()
    {
        var failedTwice = new BalloonSchedule(BalloonState.Again, 2);
        Assert.That(failedTwice.After(BalloonState.Done).After(BalloonState.Again).Sleep, Is.EqualTo(TimeSpan.FromSeconds(2)));
        var gaveUp = failedTwice.After(BalloonState.Again).After(BalloonState.Again);
        Assert.That(gaveUp.State, Is.EqualTo(BalloonState.Cancelled));
        Assert.That(gaveUp.After(BalloonState.Again).Sleep, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void The_oldest_driver_tries_again_without_end_at_least_every_32_seconds()
    {
        var schedule = new BalloonSchedule { Unlimited = true };
        foreach (var seconds in new[] { 2, 4, 8, 16, 32, 32, 32 })
        {
            schedule = schedule.After(BalloonState.Again);
            Assert.That((schedule.State, schedule.Sleep), Is.EqualTo((BalloonState.Again, TimeSpan.FromSeconds(seconds))));
        }
        Assert.That(schedule.IsWokenBy(new Pages(100), new Pages(99)), Is.False, "its work is queued already");
        Assert.That(schedule.After(BalloonState.Done).IsWokenBy(Pages.Zero, new Pages(1)), Is.True);
    }

    [Test]
    public void A_driver_that_waits_for_added_memory_looks_after_a_second_and_keeps_its_count_of_failures()
    {
        var waits = new BalloonSchedule(BalloonState.Again, 2).After(BalloonState.Wait);
        Assert.That((waits.State, waits.Sleep), Is.EqualTo((BalloonState.Wait, TimeSpan.FromSeconds(1))));
        Assert.That(waits.After(BalloonState.Again).Sleep, Is.EqualTo(TimeSpan.FromSeconds(8)));
    }

    [TestCase(nameof(BalloonState.Done), 100, 100, true)]
    [TestCase(nameof(BalloonState.Done), 100, 0, false)]
    [TestCase(nameof(BalloonState.Again), 100, 100, false)]
    [TestCase(nameof(BalloonState.Again), 100, 99, true)]
    [TestCase(nameof(BalloonState.Cancelled), 100, 100, false)]
    [TestCase(nameof(BalloonState.Cancelled), 100, 101, true)]
    [TestCase(nameof(BalloonState.Cancelled), 100, 0, true)]
    public void Only_a_different_distance_wakes_a_driver_that_waits_or_gave_up(string state, long asleep, long now, bool wakes) =>
        Assert.That(new BalloonSchedule(Enum.Parse<BalloonState>(state), 1).IsWokenBy(new Pages(asleep), new Pages(now)), Is.EqualTo(wakes));
}
