using Actors.Balloon;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class GuestReportTests
{
    private const string Meminfo = "MemTotal: 1000000 kB\nMemFree: 1 kB\nMemAvailable: 400000 kB\nSwapTotal: 2048 kB\nSwapFree: 1024 kB\nSUnreclaim: 70000 kB\nCommitted_AS: 500000 kB\n";

    [Test]
    public void The_text_of_proc_meminfo_is_understood()
    {
        var report = GuestReport.Parse(Meminfo, null, Kib.FromGiB(1))!;
        Assert.That((report.Total, report.Available, report.Committed, report.Kernel, report.SwapTotal, report.SwapFree, report.Stalled),
            Is.EqualTo((new Kib(1000000), new Kib(400000), (Kib?)new Kib(500000), (Kib?)new Kib(70000), (Kib?)new Kib(2048), (Kib?)new Kib(1024), (TimeSpan?)null)));
    }

    [Test]
    public void A_line_of_pressure_is_understood_and_comes_before_meminfo()
    {
        var report = GuestReport.Parse(Meminfo, "v=1 total=900000 avail=1000 committed=7 swap=5 swapfree=4 full=2000000", Kib.FromGiB(1))!;
        Assert.That((report.Total, report.Available, report.Committed, report.Kernel, report.SwapTotal, report.SwapFree, report.Stalled),
            Is.EqualTo((new Kib(900000), new Kib(1000), (Kib?)new Kib(7), (Kib?)new Kib(70000), (Kib?)new Kib(5), (Kib?)new Kib(4), (TimeSpan?)TimeSpan.FromSeconds(2))));
    }

    [Test]
    public void The_single_number_of_the_meminfo_writer_of_Qubes_is_what_the_guest_uses()
    {
        var report = GuestReport.Parse("300000", null, new Kib(1000000))!;
        Assert.That((report.Used, report.Available), Is.EqualTo((new Kib(300000), new Kib(700000))));
        Assert.That(GuestReport.Parse("99999999", null, new Kib(1000000))!.Used, Is.EqualTo(new Kib(1000000)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-5")]
    [TestCase("0x10")]
    [TestCase("MemTotal: 5 kB")]
    [TestCase("MemTotal: -5 kB\nMemAvailable: 1 kB")]
    [TestCase("MemTotal: 5 MB\nMemAvailable: 1 MB")]
    [TestCase("MemTotal: 9999999999999999 kB\nMemAvailable: 1 kB")]
    public void Anything_else_is_no_report(string? text) => Assert.That(GuestReport.Parse(text, null, Kib.FromGiB(1)), Is.Null);

    [Test]
    public void A_text_that_no_xenstore_holds_is_no_report() =>
        Assert.That(GuestReport.Parse(Meminfo + new string('\n', 4096), null, Kib.FromGiB(1)), Is.Null);

    [Test]
    public void No_figure_exceeds_what_the_guest_has() => Prop.ForAll<uint, uint, uint>((total, available, swapFree) =>
    {
        var report = GuestReport.Parse($"MemTotal: {total} kB\nMemAvailable: {available} kB\nSwapTotal: 10 kB\nSwapFree: {swapFree} kB", null, Kib.FromMiB(100))!;
        return report.Total <= Kib.FromMiB(100) && report.Available <= report.Total && report.Used >= Kib.Zero && report.SwapFree <= report.SwapTotal;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_text_can_be_read() => Prop.ForAll<string, string>((meminfo, pressure) =>
        GuestReport.Parse(meminfo, pressure, Kib.FromMiB(100)) is null or { Total.Value: >= 0 }).QuickCheckThrowOnFailure();

    [Test]
    public void A_guest_needs_what_it_uses_and_some_headroom()
    {
        var first = new GuestReport(Kib.FromMiB(980), Kib.FromMiB(580));
        Assert.That(GuestNeed.Least(first, first, Of(1000)), Is.EqualTo(Kib.FromMiB(420 + 21)), "20 MiB are not managed by its kernel; 5 % stay free");
        Assert.That(GuestNeed.Least(new GuestReport(Kib.FromMiB(580), Kib.FromMiB(180)), first, Of(1000)), Is.EqualTo(Kib.FromMiB(420 + 21)), "the balloon does not change the need");
        Assert.That(GuestNeed.Least(new GuestReport(Kib.FromMiB(580), Kib.FromMiB(100)), first, Of(1000)), Is.EqualTo(Kib.FromMiB(500 + 25)));
    }

    [TestCase(300, 420, TestName = "Requested and in use")]
    [TestCase(500, 525, TestName = "Requested, and not all in use")]
    [TestCase(9000, 735, TestName = "Requested far more than there is")]
    public void What_programs_requested_protects_no_more_than_half_of_what_is_available(long committed, long need)
    {
        var report = GuestReport.Parse(null, $"total={1000 * 1024} avail={600 * 1024} committed={committed * 1024}", Kib.FromMiB(1000))!;
        Assert.That(GuestNeed.Least(report, report, Of(1000)), Is.EqualTo(Kib.FromMiB(need)));
    }

    [Test]
    public void A_lying_guest_can_refuse_its_balloon_but_gets_nothing() => Prop.ForAll<uint, uint>((total, available) =>
    {
        var report = GuestReport.Parse($"MemTotal: {total} kB\nMemAvailable: {available} kB\nCommitted_AS: 999999999 kB", null, Kib.FromMiB(512))!;
        return GuestNeed.Least(report, report, Of(512)) <= Kib.FromMiB(512);
    }).QuickCheckThrowOnFailure();

    [TestCase(100, 4, "it reports only 4 MiB available of 300 MiB")]
    [TestCase(100, 100, null)]
    [TestCase(4, 4, "it reports only 4 MiB available of 300 MiB")]
    public void A_guest_with_hardly_any_available_memory_is_near_its_end(long before, long now, string? expected) => Assert.That(
        GuestNeed.NearItsEnd(new GuestReport(Kib.FromMiB(300), Kib.FromMiB(now)), new GuestReport(Kib.FromMiB(300), Kib.FromMiB(before)), TimeSpan.FromSeconds(1)),
        Is.EqualTo(expected));

    [Test]
    public void A_guest_that_uses_up_its_swap_or_waits_for_memory_is_near_its_end()
    {
        GuestReport With(long swapFree, long stalled) =>
            GuestReport.Parse(null, $"total=300000 avail=100000 swap=64000 swapfree={swapFree} full={stalled}", Kib.FromMiB(300))!;
        string? End(GuestReport now, GuestReport before) => GuestNeed.NearItsEnd(now, before, TimeSpan.FromSeconds(10));
        Assert.Multiple(() =>
        {
            Assert.That(End(With(3000, 0), With(9000, 0)), Is.EqualTo("it reports only 2.9 MiB of its 62.5 MiB of swap left"));
            Assert.That(End(With(3000, 0), With(3000, 0)), Is.Null, "its swap was full before");
            Assert.That(End(With(64000, 3_000_000), With(64000, 0)), Is.EqualTo("it reports that its tasks waited for memory 30 % of the time"));
            Assert.That(End(With(64000, 900_000), With(64000, 0)), Is.Null);
        });
    }
}
