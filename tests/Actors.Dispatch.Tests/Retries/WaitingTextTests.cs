using Actors.Dispatch.Retries;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Dispatch.Tests.Retries;

internal sealed class WaitingTextTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 34, 5, TimeSpan.Zero);

    private static readonly Waiting Full = new(new Kib(2097152), new Lack(LackKinds.HostMemory | LackKinds.BalloonDriver) { HostMemory = new Kib(524288) }, Start)
    {
        Last = Start.AddMinutes(1),
        Attempts = 3,
        Changes = 2,
        Every = TimeSpan.FromSeconds(1.5),
    };

    private const string Line = "target=2097152 lacks=host-memory,balloon-driver memory=524288 since=2026-01-01T00:00:34.005Z last=2026-01-01T00:01:34.005Z attempts=3 changes=2 every=1.5";

    [Test]
    public void It_is_one_readable_line() => Assert.That(WaitingText.Of(Full), Is.EqualTo(Line));

    [Test]
    public void It_is_read_back_unchanged() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ArrayOf(5).ToArbitrary(), Gen.Choose(0, 511).ToArbitrary(), ArbMap.Default.ArbFor<bool>(),
        (numbers, kinds, paused) =>
        {
            var waiting = new Waiting(new Kib(numbers[0]), new Lack((LackKinds)kinds & ~(LackKinds.SecondWriter | LackKinds.Mechanism)) { HostMemory = new Kib(numbers[1]) }, Start.AddMilliseconds(numbers[2]))
            {
                Last = Start.AddMilliseconds(numbers[3]),
                Attempts = numbers[4] % 1_000_000_000,
                Changes = numbers[3] % 1_000_000_000,
                Every = paused ? TimeSpan.FromMilliseconds(numbers[2]) : null,
            };
            return WaitingText.Parse(WaitingText.Of(waiting)) == waiting;
        }).QuickCheckThrowOnFailure();

    [TestCase(null)]
    [TestCase("")]
    [TestCase(Line + "\n")]
    [TestCase(" " + Line)]
    public void Something_else_is_nothing(string? text) => Assert.That(WaitingText.Parse(text), Is.Null);

    [TestCase("balloon-driver", "magic")]
    [TestCase("balloon-driver", "host-memory", Description = "twice")]
    [TestCase("balloon-driver", "")]
    [TestCase("balloon-driver", "second-writer", Description = "nobody waits for that")]
    [TestCase("=524288", "=-1")]
    [TestCase("=524288", "=99999999999999999999")]
    [TestCase("2026-01-01T00:00:34", "2026-13-01T00:00:34")]
    [TestCase("attempts=3", "attempts=3333333333")]
    [TestCase("every=1.5", "every=")]
    public void A_damaged_line_is_nothing(string part, string damaged) => Assert.That(WaitingText.Parse(Line.Replace(part, damaged)), Is.Null);

    [Test]
    public void Every_kind_that_a_domain_can_wait_for_has_a_name() => Assert.That(
        Enum.GetValues<LackKinds>().Where(kind => WaitingText.NamesOf(kind).Count == 0), Is.EqualTo(new[] { LackKinds.None, LackKinds.SecondWriter, LackKinds.Mechanism }));

    [Test]
    public void Every_kind_that_a_domain_can_wait_for_has_words()
    {
        foreach (var kind in Enum.GetValues<LackKinds>().Except([LackKinds.None, LackKinds.SecondWriter, LackKinds.Mechanism]))
            Assert.That(WaitingReason.For(Full with { Lack = new Lack(kind), Every = null }, Kib.Zero), Is.Not.Empty, $"{kind}");
    }

    [Test]
    public void The_reason_says_what_the_target_waits_for()
    {
        var footprint = new Kib(2097152 - 524288);
        Assert.That(WaitingReason.Add("the host is full", Full with { Every = null }, footprint),
            Is.EqualTo("the host is full; waiting for 512 MiB of free host memory or the guest's balloon driver; retried automatically"));
        Assert.That(WaitingReason.Add("the host is full", null, footprint), Is.EqualTo("the host is full"));
    }
}
