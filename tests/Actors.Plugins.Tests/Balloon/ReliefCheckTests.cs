using Actors.Balloon;
using Actors.Sdk;

namespace Actors.Plugins.Tests.Balloon;

/// <summary>A relieved guest keeps its headroom, or gets everything back in time. Checked on a guest and a driver that are two numbers each.</summary>
internal sealed class ReliefCheckTests
{
    private const double Step = 0.25;

    // An older kernel dies then, and the relief comes at the latest 2.5 s after its driver failed.
    private const double Dies = 57.5;

    [Test]
    public void A_guest_that_leaves_its_headroom_alone_keeps_just_that([Values(16, 100, 2000)] int headroom, [Values(0.07, 0.2, 1, 10)] double part)
    {
        var end = Run(headroom, start: headroom * 20, speed: headroom * part, rate: 0);

        Assert.That(end.Check.Stage, Is.EqualTo(ReliefStage.Done));
        Assert.That(end.Check.Aim, Is.EqualTo(Relieved(headroom)));
    }

    [Test]
    public void A_guest_that_would_use_up_its_headroom_before_it_dies_does_not_pass(
        [Values(16, 100, 2000)] int headroom, [Values(0.2, 1, 10)] double part, [Values(60, 40, 20, 10, 4, 1, 0.3)] double seconds)
    {
        var rate = headroom / seconds;
        if (rate > headroom * part)
            return;
        var end = Run(headroom, start: headroom * 20, speed: headroom * part, rate, most: headroom * 10);

        Assert.That(end.Check.Relieved > Relieved(headroom) || end.Check.Stage == ReliefStage.UsedUp, $"{end.Check.Stage} after {end.Seconds} s");
        Assert.That(end.FreeAtDeath, Is.GreaterThan(0), $"{end.Check.Stage} after {end.Seconds} s");
    }

    [Test]
    public void A_guest_that_used_a_little_once_gets_a_little_more_and_not_everything()
    {
        var end = Run(headroom: 16, start: 4096, speed: 200, rate: 1, most: 4);

        Assert.That(end.Check.Stage, Is.EqualTo(ReliefStage.Done));
        Assert.That(end.Check.Aim, Is.EqualTo(Relieved(16) + Kib.FromMiB(32)));
    }

    [Test]
    public void A_driver_that_gives_nothing_back_ends_the_check()
    {
        var end = Run(headroom: 16, start: 4096, speed: 0, rate: 0);

        Assert.That((end.Check.Stage, end.Seconds), Is.EqualTo((ReliefStage.Done, 5.0)));
    }

    [Test]
    public void A_driver_that_is_too_slow_to_take_the_headroom_for_a_moment_gives_everything_back()
    {
        var end = Run(headroom: 2000, start: 40000, speed: 50, rate: 0);

        Assert.That(end.Check.Stage, Is.EqualTo(ReliefStage.UsedUp));
        Assert.That(end.Check.Aim, Is.EqualTo(Kib.FromMiB(40000)));
    }

    private static Kib Relieved(int headroom) => Kib.FromMiB(headroom * 10);

    // All in MiB, and MiB/s. The guest takes memory at a rate, up to a most. At the relief it has nothing.
    private static (ReliefCheck Check, double Seconds, double FreeAtDeath) Run(int headroom, int start, double speed, double rate, double most = double.MaxValue)
    {
        var check = new ReliefCheck(Relieved(headroom), Kib.FromMiB(headroom), Kib.FromMiB(start));
        var (populated, free, taken, ended, atDeath) = (headroom * 9.0, 0.0, 0.0, 0.0, 0.0);
        for (var now = Step; now <= 120; now += Step)
        {
            var aim = check.Aim.Value / 1024.0;
            var given = Math.Clamp(aim - populated, -Math.Min(free, speed * Step), speed * Step);
            (populated, free) = (populated + given, free + given);
            var used = Math.Min(Math.Min(rate * Step, most - taken), free);
            (free, taken) = (free - used, taken + used);
            if (now <= Dies)
                atDeath = free;
            if (check.IsOver)
                continue;
            check = check.Observe(new Kib((long)(populated * 1024)), TimeSpan.FromSeconds(now));
            ended = now;
        }
        return (check, ended, atDeath);
    }
}
