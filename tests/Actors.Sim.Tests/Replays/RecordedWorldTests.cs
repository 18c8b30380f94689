using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Guests;
using Actors.Sim.Recordings;
using Actors.Sim.Replays;
using Actors.Sim.Scenarios;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Replays;

internal sealed class RecordedWorldTests
{
    private static readonly Guid Web = Guid.Parse("0e8f5d3c-1111-4a66-9f10-000000000001");
    private static readonly Guid Db = Guid.Parse("0e8f5d3c-1111-4a66-9f10-000000000002");

    [Test]
    public void The_host_and_the_domains_that_were_there_first_begin_with_what_they_had()
    {
        var world = World([Dom0(), Row(1, Web, 1024) with { StaticMax = MiB(2048), Kind = DomainKind.Hvm }], [Dom0(), Row(1, Web, 900)]);
        var web = world.Domains.Single();

        Assert.That((world.HostMemory, world.Dom0Memory), Is.EqualTo(((Kib?)MiB(8192), (Kib?)MiB(512))));
        Assert.That((web.Name, web.Uuid, web.Kind, web.Memory, web.Most), Is.EqualTo(("web", (Guid?)Web, DomainKind.Hvm, MiB(1024), MiB(2048))));
    }

    [Test]
    public void Domains_come_go_and_reboot_when_they_were_seen_to()
    {
        var world = World([Row(1, Web, 512)], [Row(1, Web, 512), Row(2, Db, 256)], [Row(3, Web, 512), Row(2, Db, 256)], [Row(3, Web, 512)]);

        Assert.That(world.Events.Select(Shown), Is.EqualTo(new[] { "9 db is created", "18 web: Destroy", "19 web is created", "28 db: Destroy" }));
        Assert.That(world.Events.OfType<CreateEvent>().Last().Spec.Uuid, Is.EqualTo(Web), "the UUID survives a reboot");
    }

    [Test]
    public void Targets_become_events_also_the_one_that_stood_at_first()
    {
        var world = World([Row(1, Web, 512, target: 512)], [Row(1, Web, 512, target: 512)], [Row(1, Web, 512, target: 300)], [Row(1, Web, 300)]);

        Assert.That(world.Events.Select(Shown), Is.EqualTo(new[] { "0 web: memory-policy/target = 524288", "20 web: memory-policy/target = 307200", "30 web: memory-policy/target is removed" }));
    }

    [Test]
    public void Where_no_policy_had_set_targets_those_of_the_balloon_become_targets_of_footprints()
    {
        var world = World([Row(1, Web, 512) with { BalloonTarget = MiB(511) }], [Row(1, Web, 512) with { BalloonTarget = MiB(300) }]);

        Assert.That(world.Events.Select(Shown), Is.EqualTo(new[] { "10 web: memory-policy/target = 308224" }), "300 MiB, and the constant of a PVH domain");
    }

    [Test]
    public void A_guest_that_reported_needs_what_it_used_without_its_kernel_and_with_what_it_had_swapped()
    {
        var report = new RecordedReport(MiB(480), MiB(180)) { Kernel = MiB(60), Cached = MiB(100), SwapTotal = MiB(50), SwapFree = MiB(30) };
        var guest = World([Row(1, Web, 512) with { Report = report }]).Domains[0].Guest;

        Assert.That(guest.Workload.Phases[0].WorkingSet.At(TimeSpan.Zero), Is.EqualTo(MiB(480 - 180 - 60 + 20)));
        Assert.That(guest.Workload.Phases[0].FileCache.At(TimeSpan.Zero), Is.EqualTo(MiB(100)));
        Assert.That((guest.Kernel, guest.Swap, guest.Reports), Is.EqualTo(((Kib?)MiB(60), MiB(50), new ReportSpec { Every = TimeSpan.FromSeconds(10) })));
    }

    [Test]
    public void A_guest_cannot_need_more_than_it_had_whatever_it_reported()
    {
        var guest = World([Row(1, Web, 512) with { Report = new RecordedReport(MiB(99999), MiB(0)) }]).Domains[0].Guest;

        Assert.That(guest.Workload.Phases[0].WorkingSet.At(TimeSpan.Zero), Is.EqualTo(MiB(512)));
    }

    [Test]
    public void A_guest_that_did_not_report_needs_all_that_it_keeps()
    {
        var world = World([Row(1, Web, 1024)], [Row(1, Web, 1024)], [Row(1, Web, 1024)], [Row(1, Web, 700)], [Row(1, Web, 700)]);
        var (shape, spec) = (world.Domains[0].Guest.Workload.Phases[0].WorkingSet, world.Domains[0]);
        var kernel = spec.Guest.KernelNeed(spec.Memory) + spec.Offset + KernelReserve.Of(spec.Memory).Total.ToKib();

        Assert.That(shape.At(TimeSpan.Zero), Is.EqualTo(MiB(1024) - kernel));
        Assert.That(shape.At(TimeSpan.FromSeconds(10)), Is.EqualTo(MiB(700) - kernel), "two samples before it was gone: a driver gives up no memory that is needed");
    }

    [Test]
    public void A_driver_is_as_fast_as_it_was_seen_in_the_middle_of_a_move()
    {
        var slow = World([Row(1, Web, 1000)], [Row(1, Web, 990)], [Row(1, Web, 890)], [Row(1, Web, 790)], [Row(1, Web, 780)]);
        var atOnce = World([Row(1, Web, 1000)], [Row(1, Web, 500)], [Row(1, Web, 500)]);

        Assert.That(slow.Domains[0].Guest.Balloon.Rate, Is.EqualTo(Rate.MiBPerSecond(10)));
        Assert.That(atOnce.Domains[0].Guest.Balloon.Rate, Is.EqualTo(new BalloonSpec().Rate), "no move was seen in its middle");
    }

    [Test]
    public void Domains_with_one_name_or_none_get_names_of_their_own()
    {
        var world = World([Row(1, Web, 512), Row(2, Db, 512) with { Name = "web" }, Row(3, Guid.NewGuid(), 512) with { Name = "" }]);

        Assert.That(world.Domains.Select(spec => spec.Name), Is.EqualTo(new[] { "web", "web-0e8f5d3c", "domain-3" }));
    }

    private static RecordedWorld World(params RecordedDomain[][] samples)
    {
        var start = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        var interval = TimeSpan.FromSeconds(10);
        return RecordedWorld.Of(
            new Recording([.. samples.Select((rows, index) => new RecordedSample(start + (index * interval), [.. rows]))], interval), new GuestSpec());
    }

    private static RecordedDomain Dom0() => Row(0, Guid.Empty, 512) with { Name = "Domain-0", HostTotal = MiB(8192), HostFree = MiB(4096) };

    private static RecordedDomain Row(int domid, Guid uuid, int mebibytes, int? target = null) => new()
    {
        Time = default,
        Domid = domid,
        Uuid = uuid,
        Name = uuid == Db ? "db" : "web",
        Kind = DomainKind.Pvh,
        Footprint = MiB(mebibytes),
        Target = target is { } amount ? MiB(amount) : null,
    };

    private static string Shown(ScenarioEvent happening) => string.Create(CultureInfo.InvariantCulture, $"{happening.At.TotalSeconds} {happening.Domain}") + happening switch
    {
        CreateEvent => " is created",
        LifeEvent life => $": {life.Change}",
        WriteEvent write => $": {write.Keys[0].Key} = {write.Keys[0].Value}",
        RemoveEvent remove => $": {remove.Key} is removed",
        _ => "",
    };
}
