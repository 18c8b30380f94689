using Actors.Balloon;
using Actors.Sdk;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class BalloonCurveTests
{
    private static BalloonCurve Shrinking => new(Kib.FromMiB(1024), Kib.FromMiB(512), TimeSpan.Zero);

    [Test]
    public void Only_a_smaller_distance_counts_as_progress()
    {
        var curve = Shrinking.Observe(Kib.FromMiB(1000), At(1)).Observe(Kib.FromMiB(1010), At(2)).Observe(Kib.FromMiB(1000), At(3));
        Assert.That(curve.LastMoved, Is.EqualTo(At(1)));
    }

    [Test]
    public void Moving_away_from_the_target_is_no_progress() =>
        Assert.That(Shrinking.Observe(Kib.FromMiB(1030), At(1)).LastMoved, Is.EqualTo(At(0)));

    [Test]
    public void A_driver_that_moved_and_pauses_for_two_seconds_fails_and_one_that_never_moved_is_stuck_after_five() => Assert.Multiple(() =>
    {
        var moved = Shrinking.Observe(Kib.FromMiB(900), At(1));
        Assert.That((moved.Paused(At(2.9)), moved.Paused(At(3)), moved.Stuck(At(5.9)), moved.Stuck(At(6))), Is.EqualTo((false, true, false, true)));
        Assert.That((Shrinking.Paused(At(4.9)), Shrinking.Stuck(At(4.9)), Shrinking.Stuck(At(5))), Is.EqualTo((false, false, true)));
        Assert.That(Shrinking.Observe(Kib.FromMiB(1024) - new Kib(1023), At(1)).Paused(At(4)), Is.False, "less than 1 MiB is noise");
    });

    [Test]
    public void A_driver_that_moved_steadily_and_halts_gives_a_sign_at_once_and_one_that_always_pauses_does_not() => Assert.Multiple(() =>
    {
        var steady = Moving(every: 0.2);
        Assert.That((steady.Halted(At(1.5)), steady.Halted(At(1.61))), Is.EqualTo((false, true)));
        var jerky = Moving(every: 0.5);
        Assert.That((jerky.Halted(At(2.4)), jerky.Halted(At(2.51))), Is.EqualTo((false, true)), "three times its longest pause");
        Assert.That(Shrinking.Halted(At(60)), Is.False, "it never moved");
        var again = steady.Again(Kib.FromMiB(1000), At(2));
        Assert.That((again.Halted(At(60)), again.Still(At(3))), Is.EqualTo((false, TimeSpan.FromSeconds(1))));

        static BalloonCurve Moving(double every)
        {
            var curve = Shrinking;
            for (var second = every; second <= 1.01; second += every)
                curve = curve.Observe(Kib.FromMiB(1024 - (long)(second * 200)), At(second));
            return curve;
        }
    });

    [Test]
    public void A_driver_that_only_gets_single_pages_fails()
    {
        var curve = Shrinking.Observe(Kib.FromMiB(624), At(2));
        for (var second = 2.25; second <= 4; second += 0.25)
            curve = curve.Observe(Kib.FromMiB(624) - new Kib((long)(second * 4)), At(second));
        Assert.That(curve.Paused(At(4)), Is.True);
    }

    [TestCase(0.01)]
    [TestCase(1)]
    [TestCase(200)]
    public void A_driver_with_a_steady_speed_does_not_fail(double mebibytesPerSecond)
    {
        var curve = Shrinking;
        for (var second = 0.25; second * mebibytesPerSecond <= 512 && second < 120; second += 0.25)
        {
            curve = curve.Observe(curve.Start - new Kib((long)(mebibytesPerSecond * second * 1024)), At(second));
            Assert.That((curve.Paused(At(second)), curve.Stuck(At(second))), Is.EqualTo((false, false)), $"after {second} s");
        }
    }

    [TestCase(1.9, 1)]
    [TestCase(2, 2)]
    [TestCase(5.9, 2)]
    [TestCase(6, 3)]
    [TestCase(13.9, 3)]
    [TestCase(14, 4)]
    public void Linux_has_failed_as_often_as_its_pauses_of_2_4_and_8_seconds_allow(double still, int failures) =>
        Assert.That(BalloonCurve.Failures(At(still)), Is.EqualTo(failures));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
