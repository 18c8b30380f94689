using Actors.Dispatch.Monitoring;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Tests.Monitoring;

internal sealed class ThrashingRulesTests
{
    private static readonly Kib Footprint = Kib.FromGiB(2);

    [TestCase(4096, 174.76)]
    [TestCase(2048, 87.38)]
    [TestCase(64, 50)]
    public void The_limit_is_1_percent_of_the_footprint_per_minute(long mebibytes, double perSecond) =>
        Assert.That(ThrashingRules.Limit(Kib.FromMiB(mebibytes)), Is.EqualTo(perSecond).Within(0.01));

    [TestCase(new[] { 1234, 1234 }, 0, TestName = "Pages that come back after a step are no thrashing")]
    [TestCase(new[] { 1234, 1234, 1234 }, 1200, TestName = "Three counts above the limit are")]
    [TestCase(new[] { 1234, 0, 1234, 1234 }, 0, TestName = "The counts must be in a row")]
    [TestCase(new[] { 1234, 1234, 1234, 1500 }, 1200, TestName = "A rate that is about the same is not written again")]
    [TestCase(new[] { 1234, 1234, 1234, 4567 }, 4600, TestName = "Another rate is")]
    [TestCase(new[] { 1234, 1234, 1234, 60 }, 60, TestName = "A little below the limit it goes on")]
    [TestCase(new[] { 1234, 1234, 1234, 40 }, 0, TestName = "Below half of the limit it ends")]
    [TestCase(new[] { 80, 80, 80, 80 }, 0, TestName = "Below the limit a guest does not thrash")]
    public void A_guest_thrashes_when_it_brings_many_pages_in_for_long(int[] perSecond, long thrashing) =>
        Assert.That(After(perSecond).Thrashing, Is.EqualTo(thrashing));

    [Test]
    public void Counts_that_follow_each_other_closely_are_counted_together()
    {
        var (rate, total) = (PageInRate.Unknown, 0L);
        for (var second = 0; second <= 20; second++)
            rate = ThrashingRules.Next(rate, new Pages(total += 1000), Footprint, DateTimeOffset.UnixEpoch.AddSeconds(second));

        Assert.That(rate.Thrashing, Is.EqualTo(1000));
    }

    [Test]
    public void Without_paged_out_pages_nothing_thrashes() =>
        Assert.That(ThrashingRules.Next(After(1000, 1000, 1000), null, Footprint, DateTimeOffset.UnixEpoch.AddHours(1)), Is.EqualTo(PageInRate.Unknown));

    [Test]
    public void A_count_that_starts_again_is_no_rate() =>
        Assert.That(ThrashingRules.Next(After(1000, 1000, 1000), new Pages(5), Footprint, DateTimeOffset.UnixEpoch.AddHours(1)).Thrashing, Is.Zero);

    [Test]
    public void The_state_key_carries_the_rate_and_only_then()
    {
        var state = new StateKey { Outcome = StateKey.Reached, Since = DateTimeOffset.UnixEpoch, Serial = 7, Reason = "why", PageIns = 1200 };

        Assert.That(StateKey.Parse(state.ToString())?.PageIns, Is.EqualTo(1200));
        Assert.That(state.ToString(), Does.Contain(" engaged=- thrashing=1200 reason="));
        Assert.That((state with { PageIns = 0 }).ToString(), Does.Contain(" engaged=- reason="));
        Assert.That(ThrashingText.Outcome(state), Is.EqualTo("reached, and thrashing: 1,200 page-ins/s"));
    }

    private static PageInRate After(params int[] perSecond)
    {
        var (rate, total, at) = (ThrashingRules.Next(PageInRate.Unknown, Pages.Zero, Footprint, DateTimeOffset.UnixEpoch), 0L, DateTimeOffset.UnixEpoch);
        foreach (var each in perSecond)
            rate = ThrashingRules.Next(rate, new Pages(total += each * 10), Footprint, at = at.AddSeconds(10));
        return rate;
    }
}
