using Actors.Dispatch.Calls;
using Actors.Sdk;

namespace Actors.Dispatch.Tests.Calls;

internal sealed class StallAccountTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Time_is_charged_only_without_progress()
    {
        var account = new StallAccount(Kib.FromMiB(100), 3 * Second).Charge(Kib.FromMiB(500), Second);
        for (var footprint = 490; footprint >= 200; footprint -= 10)
            account = account.Charge(Kib.FromMiB(footprint), Second);
        Assert.That(account.Left, Is.EqualTo(3 * Second));

        account = account.Charge(Kib.FromMiB(200), Second).Charge(Kib.FromMiB(200), Second);
        Assert.That((account.Left, account.Empty), Is.EqualTo((Second, false)));
        Assert.That(account.Charge(Kib.FromMiB(200), Second).Empty);
    }

    [Test]
    public void A_single_page_is_no_progress()
    {
        var account = new StallAccount(Kib.Zero, 5 * Second).Charge(new Kib(100_000), Second);
        for (var i = 1; i <= 5; i++)
            account = account.Charge(new Kib(100_000 - 4 * i), Second);

        Assert.That(account.Empty);
    }

    [TestCase(256, true)]
    [TestCase(255, false)]
    public void Progress_is_at_least_256_KiB(int moved, bool progress)
    {
        var account = new StallAccount(Kib.Zero, Second).Charge(new Kib(10_000), Second).Charge(new Kib(10_000 - moved), Second);

        Assert.That(account.Empty, Is.EqualTo(!progress));
    }

    [Test]
    public void Slow_progress_adds_up()
    {
        var account = new StallAccount(Kib.Zero, 3 * Second).Charge(new Kib(10_000), Second)
            .Charge(new Kib(9_900), Second).Charge(new Kib(9_800), Second).Charge(new Kib(9_744), Second);

        Assert.That(account.Left, Is.EqualTo(Second), "the third check is 256 KiB nearer than the best one");
        Assert.That(account.Charge(new Kib(9_489), Second).Empty, "255 KiB nearer than the new best one");
    }

    [Test]
    public void Growing_towards_the_target_is_progress_and_moving_away_is_not()
    {
        var account = new StallAccount(new Kib(100_000), Second).Charge(new Kib(50_000), Second).Charge(new Kib(60_000), Second);

        Assert.That(account.Empty, Is.False);
        Assert.That(account.Charge(new Kib(50_000), Second).Empty);
    }
}
