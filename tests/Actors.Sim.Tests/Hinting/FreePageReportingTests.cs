using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Hinting;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Hinting;

internal sealed class FreePageReportingTests
{
    private static readonly ReportingSpec Linux = new();

    [TestCase(1, 64)]
    [TestCase(512, 64)]
    [TestCase(513, 96)]
    [TestCase(5120, 352)]
    public void A_pass_reports_a_sixteenth_of_a_list_and_a_batch_more(int blocks, int reported) =>
        Assert.That(ReportingRules.Budget(blocks, Linux.Capacity), Is.EqualTo(reported));

    [Test]
    public void Each_free_list_has_its_own_budget()
    {
        var blocks = Enumerable.Range(0, 100).Select(chunk => new FreeBlock(chunk, 9, 512))
            .Concat(Enumerable.Range(50, 30).Select(pair => new FreeBlock(2 * pair, 10, 1024)));
        var (reported, exhausted) = ReportingRules.Pass(blocks, Linux);
        Assert.That((reported.Count(block => block.Order == 9), reported.Count(block => block.Order == 10), exhausted), Is.EqualTo((64, 30, true)));
    }

    [Test]
    public void A_guest_gives_back_what_it_frees_within_half_a_minute() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reporting(new StepShape(MiB(1500), MiB(100), TimeSpan.FromSeconds(60))));
        await world.Clock.After(59);
        Assert.That(domain.Memory.ResidentOf(PageClass.Hot).ToKib(), Is.EqualTo(MiB(1500)));
        await world.Clock.After(32);
        Assert.That(domain.TotPages.ToKib(), Is.LessThan(MiB(260)));
        Assert.That(domain.Memory.Populated.ToKib(), Is.EqualTo(MiB(2047)), "the guest does not know");
    });

    [Test]
    public void Reported_memory_comes_back_when_the_guest_uses_it() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reporting(new StepShape(MiB(100), MiB(1500), TimeSpan.FromSeconds(60))));
        await world.Clock.After(58);
        Assert.That(domain.TotPages.ToKib(), Is.LessThan(MiB(260)));
        await world.Clock.After(5);
        Assert.That(domain.TotPages.ToKib(), Is.GreaterThan(MiB(1600)));
        Assert.That(domain.Returned.ToKib(), Is.GreaterThan(MiB(1390)));
    });

    [Test]
    public void A_guest_with_little_free_memory_reports_nothing() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reporting(Always(1840)));
        await world.Clock.After(60);
        Assert.That(domain.Memory.Discarded, Is.EqualTo(Pages.Zero));
    });

    [Test]
    public void Smaller_blocks_are_reported_too_when_the_guest_is_told_to() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reporting(Always(101), new ReportingSpec { Order = 0 }));
        await world.Clock.After(60);
        Assert.That(domain.Memory.ResidentOf(PageClass.Free), Is.EqualTo(Pages.Zero));
    });

    [Test]
    public void Domains_of_a_host_that_overcommits_have_only_what_they_touched() => World.Run(async world =>
    {
        var domains = new List<SimulatedDomain>();
        for (var number = 0; number < 10; number++)
            domains.Add(await world.BootAsync(Domain($"g{number}", mebibytes: 2048, workingSet: 200)));
        await world.Clock.After(1);
        var held = domains.Aggregate(Pages.Zero, (sum, domain) => sum + domain.TotPages);
        Assert.That(held.ToKib(), Is.EqualTo(MiB(10 * (1 + 141 + 200))), "its special pages, its kernel and its working set");
        Assert.That((world.Host.FreePages + held).ToKib(), Is.EqualTo(MiB(4096 - 512)), "dom0 has its memory");
    }, new HostSpec { Memory = MiB(4096), Overcommit = true });

    [Test]
    public void Memory_that_the_host_has_discarded_frees_nothing_when_the_balloon_takes_it() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reporting(Always(100)));
        await world.Clock.After(60);
        await world.BalloonAsync(domain, MiB(400));
        await world.Clock.After(60);
        Assert.That(domain.Memory.Populated.ToKib(), Is.EqualTo(MiB(399)));
        Assert.That(domain.TotPages.ToKib(), Is.InRange(MiB(200), MiB(245)));
    });

    private static DomainSpec Reporting(Shape workingSet, ReportingSpec? reporting = null) => Domain(mebibytes: 2048) with
    {
        Guest = new GuestSpec
        {
            Hinting = new HintingSpec { Reporting = reporting ?? Linux },
            Workload = new WorkloadSpec { Phases = [new WorkloadPhase { WorkingSet = workingSet }] },
        },
    };
}
