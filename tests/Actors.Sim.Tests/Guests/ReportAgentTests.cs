using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Guests;
using Actors.Sim.Specs;
using Actors.XenStore;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

/// <summary>What a guest reports on its memory in xenstore.</summary>
internal sealed class ReportAgentTests
{
    [Test]
    public void It_reports_available_committed_and_kernel_memory_at_its_interval() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Domain(kind: DomainKind.Pv, workingSet: 200, coldSet: 100, fileCache: 40, swap: 64));
        await world.Clock.After(11);

        // 1024 MiB without 109 of kernel, 300 of anonymous memory and 40 of file cache are free; the reserve is 10 MiB, the low watermark
        // 5 MiB.
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Meminfo), Is.EqualTo(
            "MemTotal: 1048576 kB\nMemFree: 588800 kB\nMemAvailable: 614400 kB\nCached: 40960 kB\n"
            + "SwapTotal: 65536 kB\nSwapFree: 65536 kB\nSUnreclaim: 111616 kB\nCommitted_AS: 307200 kB\n"));
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Pressure), Is.EqualTo(
            "v=1 up=10 total=1048576 free=588800 avail=614400 committed=307200 swap=65536 swapfree=65536 some=0 full=0"));
    });

    [Test]
    public void Committed_memory_that_the_guest_does_not_have_shows_as_pressure() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Domain(kind: DomainKind.Pv, mebibytes: 512, workingSet: 834));
        await world.Clock.After(21);
        // The kernel needs 93 MiB, so 419 of 834 MiB are there: the workload waits half of the time, and 2 intervals of 10 s have passed.
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Pressure), Does.Contain("committed=854016 ").And.Match("some=99[0-9]{5} full=99[0-9]{5}"));
    });

    [Test]
    public void Only_the_guest_owns_these_keys_and_a_guest_without_an_agent_has_none() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Domain());
        var silent = await world.BootAsync(Domain("silent"));
        var permissions = await world.Dom0.TryGetPermissionsAsync($"{domain.Home}/{GuestReportKeys.Pressure}");
        Assert.That(permissions!.Entries[0], Is.EqualTo(new NodePermission(domain.Domid, NodeAccess.None)));
        Assert.That(await world.Dom0.TryReadTextAsync($"{silent.Home}/{GuestReportKeys.Meminfo}"), Is.Null);
    });

    [Test]
    public void Removed_keys_do_not_stop_the_agent() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Domain());
        await world.Toolstack.RemoveAsync(domain.Domid, "memory");
        await world.Clock.After(30);
        Assert.That(domain.State, Is.EqualTo(DomainState.Running));
        await world.Toolstack.DestroyAsync(domain.Domid);
    });

    [Test]
    public void Qubes_writer_writes_one_number_when_the_used_memory_has_changed_by_more_than_30000_KiB() => World.Run(async world =>
    {
        var spec = Domain(kind: DomainKind.Pv);
        var steps = new StepShape(MiB(200), MiB(220), TimeSpan.FromSeconds(20));
        var large = new StepShape(MiB(0), MiB(40), TimeSpan.FromSeconds(40));
        spec = spec with { Guest = spec.Guest with { Workload = new WorkloadSpec { Phases = [new() { WorkingSet = steps, ColdSet = large }] } } };
        var domain = await BootAsync(world, spec, new ReportSpec { Every = ReportSpec.QubesLooks, Writer = ReportWriter.Qubes });
        var kernel = MiB(109).Value;
        await world.Clock.After(5);
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Meminfo), Is.EqualTo($"{kernel + MiB(200).Value}"));
        await world.Clock.After(30);
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Meminfo), Is.EqualTo($"{kernel + MiB(200).Value}"), "20 MiB more are not enough");
        await world.Clock.After(10);
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Meminfo), Is.EqualTo($"{kernel + MiB(260).Value}"));
        Assert.That(await ReadAsync(world, domain, GuestReportKeys.Pressure), Is.Null);
    });

    [TestCase(0, 1, 1000000, true, Description = "the first time")]
    [TestCase(100000, 130000, 1000000, false)]
    [TestCase(100000, 130001, 1000000, true)]
    [TestCase(130001, 100000, 1000000, true)]
    [TestCase(780000, 795001, 1000000, true, Description = "growing, and more than 77 % used")]
    [TestCase(780000, 795000, 1000000, false)]
    [TestCase(795001, 780000, 1000000, false, Description = "shrinking")]
    [TestCase(750000, 766000, 1000000, false, Description = "less than 77 % used")]
    public void Qubes_writer_has_these_thresholds(long written, long used, long total, bool due) =>
        Assert.That(QubesReport.IsDue(new Kib(written), new Kib(used), new Kib(total)), Is.EqualTo(due));

    [TestCase(0.5)]
    [TestCase(2)]
    [TestCase(100, Description = "it cannot use more than it has")]
    public void A_guest_that_lies_reports_a_multiple_of_what_it_uses(double factor) => World.Run(async world =>
    {
        var spec = Domain(kind: DomainKind.Pv, workingSet: 200, fileCache: 40);
        var honest = await BootAsync(world, spec with { Name = "honest" });
        var liar = await BootAsync(world, spec, new ReportSpec { Every = TimeSpan.FromSeconds(10), Factor = factor });
        await world.Clock.After(11);
        var truth = Used(await ReadAsync(world, honest, GuestReportKeys.Pressure));
        var lie = Used(await ReadAsync(world, liar, GuestReportKeys.Pressure));
        Assert.That(lie, Is.EqualTo(Math.Min(MiB(1024).Value, (long)(truth * factor))));
    });

    private static long Used(string? pressure)
    {
        var fields = pressure!.Split(' ').Select(field => field.Split('=')).ToDictionary(field => field[0], field => long.Parse(field[1]));
        return fields["total"] - fields["avail"];
    }

    private static Task<SimulatedDomain> BootAsync(World world, DomainSpec spec, ReportSpec? reports = null) =>
        world.BootAsync(spec with { Guest = spec.Guest with { Reports = reports ?? new ReportSpec { Every = TimeSpan.FromSeconds(10) } } });

    private static async Task<string?> ReadAsync(World world, SimulatedDomain domain, string key) =>
        await world.Dom0.TryReadTextAsync($"{domain.Home}/{key}");
}
