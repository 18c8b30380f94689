using Actors.Paging;
using Actors.Sdk;

namespace Actors.Plugins.Tests.Paging;

internal sealed class GentleRulesTests
{
    private static readonly Kib Ceiling = Kib.FromGiB(4);

    [TestCase(4096, 2097, TestName = "0.2 % of 4 GiB")]
    [TestCase(2048, 1048, TestName = "0.2 % of 2 GiB")]
    [TestCase(64, 60, TestName = "A small guest is allowed one a second")]
    public void The_budget_is_a_part_of_the_footprint_per_minute(long mebibytes, long pages) =>
        Assert.That(GentleRules.Budget(Kib.FromMiB(mebibytes)), Is.EqualTo(new Pages(pages)));

    [Test]
    public void As_long_as_the_guest_misses_nothing_the_steps_become_larger_up_to_5_percent()
    {
        var level = GentleRules.Start(Ceiling);
        var steps = new List<long>();
        for (var count = 0; count < 7; count++)
        {
            var next = GentleRules.Next(level, Kib.FromGiB(1), Pages.Zero, wentRound: true).Level;
            steps.Add((level.Level - next.Level).Value * 100 / Ceiling.Value);
            level = next;
        }

        Assert.That(steps, Is.EqualTo(new[] { 0, 0, 1, 2, 4, 5, 5 }).Within(1));
    }

    [Test]
    public void The_target_is_reached_only_after_the_page_ins_at_it_were_counted()
    {
        var last = GentleRules.Next(GentleRules.Start(Ceiling), Ceiling - Kib.FromMiB(8), Pages.Zero, wentRound: true);
        Assert.That(last, Has.Property("Verdict").EqualTo(GentleVerdict.Continue));
        Assert.That(last.Level.Level, Is.EqualTo(Ceiling - Kib.FromMiB(8)));

        Assert.That(GentleRules.Next(last.Level, Ceiling - Kib.FromMiB(8), new Pages(2000), wentRound: true).Verdict, Is.EqualTo(GentleVerdict.Reached));
        Assert.That(GentleRules.Next(last.Level, Ceiling - Kib.FromMiB(8), new Pages(3000), wentRound: true).Verdict, Is.EqualTo(GentleVerdict.Continue));
    }

    [Test]
    public void Page_ins_that_do_not_become_fewer_send_the_pager_back_up()
    {
        var below = GentleRules.Next(GentleRules.Start(Ceiling), Kib.FromGiB(1), Pages.Zero, wentRound: true).Level;
        var (level, windows) = (below, 0);
        for (; level.Level == below.Level; windows++)
            level = GentleRules.Next(level, Kib.FromGiB(1), new Pages(9000), wentRound: true).Level;

        Assert.That(windows, Is.EqualTo(1 + GentleRules.Patience));
        Assert.That(level.Level, Is.EqualTo(Ceiling));
        Assert.That(GentleRules.Next(level, Kib.FromGiB(1), Pages.Zero, wentRound: true).Verdict, Is.EqualTo(GentleVerdict.Short));
    }

    [Test]
    public void A_pager_that_has_not_gone_round_the_memory_stays_where_it_is()
    {
        var level = GentleRules.Next(GentleRules.Start(Ceiling), Kib.FromGiB(1), Pages.Zero, wentRound: true).Level;
        var stays = level;
        for (var window = 0; window < 20; window++)
            stays = GentleRules.Next(stays, Kib.FromGiB(1), new Pages(9000), wentRound: false).Level;

        Assert.That(stays.Level, Is.EqualTo(level.Level));
    }

    [Test]
    public void As_long_as_the_page_ins_become_fewer_the_pager_waits_and_takes_smaller_steps_afterwards()
    {
        var below = GentleRules.Next(GentleRules.Start(Ceiling), Kib.FromGiB(1), Pages.Zero, wentRound: true).Level;
        var level = below;
        for (var pageIns = 40_000.0; pageIns > 2100; pageIns *= 0.93)
            level = GentleRules.Next(level, Kib.FromGiB(1), new Pages((long)pageIns), wentRound: true).Level;
        Assert.That(level.Level, Is.EqualTo(below.Level));

        var next = GentleRules.Next(level, Kib.FromGiB(1), new Pages(2000), wentRound: true).Level;
        Assert.That(next.Level, Is.EqualTo(below.Level - below.Step));
        Assert.That(next.Step, Is.LessThan(below.Step));
    }

    [Test]
    public void The_reason_names_the_page_ins_the_level_and_what_would_help() =>
        Assert.That(
            GentleRules.WhyShort(new GentleRecord(Kib.FromGiB(1), Kib.FromMiB(3200), Kib.FromGiB(3), new Pages(12_345), DateTimeOffset.UnixEpoch)),
            Is.EqualTo("at 3 GiB the guest brought 12,000 pages per minute back in, and a gentle pager allows 1,600 (0.2 % of the footprint): "
                + "it needs that memory, so the pager stays at 3.13 GiB; a lower footprint would make the guest slow: set a higher target, or use "
                + "'paging' without 'gentle' if that does not matter"));

    /// <summary>Guests that page in without end below what they need, and not at all above it.</summary>
    [Test]
    public void A_guest_keeps_what_it_needs_and_gives_the_rest_whatever_it_needs_and_whatever_is_requested()
    {
        var random = new Random(13);
        for (var run = 0; run < 2000; run++)
        {
            var needs = Part(random.NextDouble());
            var target = Part(random.NextDouble() * 0.99);
            var level = GentleRules.Start(Ceiling);
            var verdict = GentleVerdict.Continue;
            for (var count = 0; verdict == GentleVerdict.Continue; count++)
            {
                Assert.That(count, Is.LessThan(200), "it ends");
                var quiet = level.Level >= needs;
                var before = level;
                (verdict, level) = GentleRules.Next(level, target, quiet ? Pages.Zero : new Pages(long.MaxValue / 2), wentRound: true);
                Assert.That(level.Level, Is.InRange(target, Ceiling));
                Assert.That((before.Level - level.Level).Value, Is.LessThanOrEqualTo(Ceiling.Value / 20), "no step is larger than 5 %");
                Assert.That(level.Level >= before.Level || quiet, "it goes down only while the guest misses nothing");
                Assert.That(verdict != GentleVerdict.Short || quiet, "it ends where the guest misses nothing");
            }

            Assert.That(verdict, Is.EqualTo(needs <= target ? GentleVerdict.Reached : GentleVerdict.Short));
            Assert.That((level.Level - Kib.Max(needs, target)).Value, Is.InRange(0, verdict == GentleVerdict.Reached ? 0 : Ceiling.Value * 0.07), "it comes near what the guest needs");
        }
    }

    /// <summary>Guests whose need changes all the time.</summary>
    [Test]
    public void It_ends_whatever_the_guest_does()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var (level, target) = (GentleRules.Start(Ceiling), Part(0.3));
            var count = 0;
            for (var verdict = GentleVerdict.Continue; verdict == GentleVerdict.Continue; count++)
            {
                (verdict, level) = GentleRules.Next(level, target, new Pages(random.Next(0, 6000)), wentRound: true);
                Assert.That(level.Level, Is.InRange(target, Ceiling));
            }
            Assert.That(count, Is.LessThan(500));
        }
    }

    private static Kib Part(double part) => new((long)(Ceiling.Value * part));
}
