using Actors.Balloon;
using Actors.Sdk;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Balloon;

/// <summary>The table of causes: for each combination of facts the true cause, what to do, and what was missing.</summary>
internal sealed class CausesTests
{
    private static readonly CauseFacts Stopped = new() { Start = Kib.FromMiB(1024), Now = Of(700), Target = Kib.FromMiB(512), Still = TimeSpan.FromSeconds(2) };
    private static readonly CauseFacts Unmoved = Stopped with { Now = Of(1024), Still = TimeSpan.FromSeconds(5) };
    private static readonly CauseFacts Growing = new() { Start = Kib.FromMiB(512), Now = Of(700), Target = Kib.FromMiB(1024), Still = TimeSpan.FromSeconds(5), Host = Host(500) };

    private static IEnumerable<TestCaseData> Rows =>
    [
        Row("crash", Stopped with { Now = Of(700) with { State = DomainState.Crashed } }, LackKinds.GuestMemory,
            "the guest crashed at 700 MiB, on the way from 1 GiB to 512 MiB: it probably ran out of memory; restart it; "
            + "its balloon will stop earlier from now on (memory-policy/floor overrides that)"),
        Row("crash of a guest that grows", Growing with { Now = Of(700) with { State = DomainState.Crashed } }, LackKinds.DomainState, "the guest crashed; restart it"),
        Row("paused", Stopped with { Now = Of(700) with { State = DomainState.Paused } }, LackKinds.DomainState,
            "the domain is paused, so its balloon driver cannot act; unpause it (xl unpause)"),
        Row("saving", Stopped with { Now = Of(700) with { State = DomainState.Saving } }, LackKinds.DomainState,
            "the domain is saving, so its balloon driver cannot act; its target will be acted on afterwards"),
        Row("close to the end", Stopped with { NearItsEnd = "it reports only 4 MiB available of 700 MiB" }, LackKinds.GuestMemory,
            "the guest is about to run out of memory at 700 MiB, 188 MiB above the target: it reports only 4 MiB available of 700 MiB; "
            + "reduce what it runs, or use paging (HVM, PVH)"),
        Row("populate on demand", Stopped with { Now = Of(700) with { PopulateOnDemandPages = Kib.FromMiB(60).ToPages() } }, LackKinds.BalloonDriver,
            "60 MiB of the guest's memory are still populated on demand, so its balloon driver cannot have finished its start; "
            + "wait until the guest is up, and check its console"),
        Row("no driver", Unmoved, LackKinds.BalloonDriver,
            "the guest does not react and never published control/feature-balloon (under xl, guests cannot): it has no balloon driver, or the driver is stuck; "
            + "check the guest's console, or use paging (HVM, PVH)"),
        Row("stuck driver", Unmoved with { Published = true }, LackKinds.BalloonDriver,
            "the guest does not react, although it published control/feature-balloon: its balloon driver is stuck; check the guest's console, or use paging (HVM, PVH)"),
        Row("stuck driver, and a device pins the guest's memory", Unmoved with { Published = true, WhyNoPager = "a device is passed through to the domain" },
            LackKinds.BalloonDriver, "the guest does not react, although it published control/feature-balloon: its balloon driver is stuck; "
            + "check the guest's console, because nothing else can take its memory (a device is passed through to the domain)"),
        Row("unknown offset", Stopped with { Now = Of(530), OffsetKnown = false }, LackKinds.BalloonDriver,
            "the guest's balloon driver stopped at 530 MiB, 18 MiB above the target, and the memory that the domain holds outside its balloon is not known; "
            + "set memory/target once with the toolstack (xl mem-set) while the guest is at rest, then set the target again"),
        Row("nothing more to give", Stopped with { OffsetKnown = false }, LackKinds.GuestMemory,
            "the guest's balloon driver stopped at 700 MiB, 188 MiB above the target: the guest cannot free more; "
            + "it stopped 2 s ago, and a Linux driver has failed 2 times by then; reduce what it runs, or use paging (HVM, PVH)"),
        Row("nothing more to give, as it reports", Stopped with { Report = new GuestReport(Kib.FromMiB(690), Kib.FromMiB(12)) }, LackKinds.GuestMemory,
            "the guest's balloon driver stopped at 700 MiB, 188 MiB above the target: the guest cannot free more (it reports 12 MiB available); "
            + "it stopped 2 s ago, and a Linux driver has failed 2 times by then; reduce what it runs, or use paging (HVM, PVH)"),
        Row("host full", Growing with { Host = Host(0) with { Claimed = Kib.FromMiB(2) } }, LackKinds.HostMemory,
            "the host has no more memory for this domain, which is at 700 MiB, 324 MiB below the target: 72 MiB are free, 2 MiB of them promised to other domains, "
            + "and 72 MiB stay reserved for the host; shrink or destroy another domain, or lower 'reserve' in actors.yaml"),
        Row("host full and max_mem lowered", Growing with { Host = Host(0), Now = Of(700, maxMem: 701) }, LackKinds.HostMemory, null),
        Row("above max_mem", Growing with { Now = Of(700, maxMem: 701) }, LackKinds.MaxMem,
            "the domain's max_mem of 701 MiB keeps the guest at 700 MiB, 324 MiB below the target: another program lowered it; raise it (xl mem-max), or set the target again"),
        Row("no driver that could grow", Growing with { Now = Of(512), Published = true }, LackKinds.BalloonDriver, null),
        Row("gave up", Growing with { Still = TimeSpan.FromSeconds(14) }, LackKinds.BalloonDriver,
            "the guest's balloon driver gave up at 700 MiB, 324 MiB below the target, although the host has memory; "
            + "it stopped 14 s ago, and a Linux driver gives up after 4 failed attempts; check the guest's console; a different target wakes the driver"),
        Row("gave up on a host whose memory is not known", Growing with { Host = null }, LackKinds.BalloonDriver, null),
    ];

    [TestCaseSource(nameof(Rows))]
    public void Facts_lead_to_the_true_cause(CauseFacts facts, LackKinds lacks, string? text)
    {
        var cause = Causes.Of(facts);
        Assert.Multiple(() =>
        {
            Assert.That(cause.Lacks.Kinds, Is.EqualTo(lacks));
            Assert.That(cause.ToString(), text is null ? Is.Not.Empty : Is.EqualTo(text));
        });
    }

    [Test]
    public void A_lack_of_host_memory_says_how_much_the_whole_way_needs() =>
        Assert.That(Causes.Of(Growing with { Host = Host(0) }).Lacks, Is.EqualTo(Lack.OfHostMemory(Kib.FromMiB(324))));

    private static TestCaseData Row(string name, CauseFacts facts, LackKinds lacks, string? text) => new TestCaseData(facts, lacks, text).SetName($"Cause: {name}");

    private static HostMemory Host(long available) =>
        new(Kib.FromGiB(8), Kib.FromMiB(72 + available), Kib.Zero) { Reserve = Kib.FromMiB(72) };
}
