using Actors.Dispatch.Calls;
using Actors.Sdk;

namespace Actors.Host.Tests.Plan;

internal sealed class StallAccountTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Time_is_charged_only_while_nothing_moves()
    {
        var account = new StallAccount(Kib.FromMiB(100), 3 * Second).Charge(Kib.FromMiB(500), Second);
        for (var footprint = 490; footprint >= 200; footprint -= 10)
            account = account.Charge(Kib.FromMiB(footprint), Second);
        Assert.That(account.Empty, Is.False);

        for (var i = 0; i < 3; i++)
            account = account.Charge(Kib.FromMiB(200), Second);
        Assert.That(account.Empty);
    }

    [Test]
    public void A_page_now_and_then_is_no_progress()
    {
        var account = new StallAccount(Kib.Zero, 5 * Second).Charge(new Kib(100_000), Second);
        for (var i = 1; i <= 5; i++)
            account = account.Charge(new Kib(100_000 - 4 * i), Second);

        Assert.That(account.Empty);
    }
}
