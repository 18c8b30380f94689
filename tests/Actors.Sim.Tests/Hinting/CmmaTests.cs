using Actors.Sdk;
using Actors.Sim.Costs;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Hinting;

internal sealed class CmmaTests
{
    private static readonly HostSpec Chunked = new() { DiscardUnit = MiB(2) };

    // The host has 512 MiB for dom0 and so much for its guests.
    private static HostSpec Full(long mebibytes) => new() { Memory = MiB(512 + mebibytes), Overcommit = true };

    [Test]
    public void Free_pages_are_unused_and_clean_file_cache_is_volatile() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Cmma());
        Assert.That((domain.Hints!.Unused.ToKib(), domain.Hints.Volatile.ToKib()), Is.EqualTo((MiB(1023 - 109 - 200 - 400), MiB(400))));
    });

    [Test]
    public void Dirty_file_cache_is_stable_until_it_is_written_back() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Cmma(writes: 2));
        Assert.That((domain.Hints!.Volatile.ToKib(), domain.Hints.Dirty.ToKib()), Is.EqualTo((MiB(400 - 60), MiB(60))));
        domain.Withhold(MiB(1000).ToPages());
        Assert.That(domain.Memory.ResidentOf(PageClass.ActiveCache).ToKib() + domain.Memory.ResidentOf(PageClass.InactiveCache).ToKib(), Is.EqualTo(MiB(60)));
    });

    [Test]
    public void Unused_pages_go_before_volatile_ones() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Cmma());
        domain.Withhold(MiB(314).ToPages());
        Assert.That((domain.Hints!.Unused, domain.Hints.Volatile.ToKib()), Is.EqualTo((Pages.Zero, MiB(400))));
        domain.Withhold(MiB(100).ToPages());
        Assert.That(domain.Memory.ResidentOf(PageClass.InactiveCache).ToKib(), Is.EqualTo(MiB(100)), "what was not read recently goes first");
    });

    [Test]
    public void A_guest_counts_discarded_cache_as_its_own_and_reads_it_again_with_a_fault() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Cmma());
        domain.Withhold(MiB(514).ToPages());
        Assert.That((domain.Memory.Of(PageClass.ActiveCache) + domain.Memory.Of(PageClass.InactiveCache)).ToKib(), Is.EqualTo(MiB(400)), "ghosts");
        await world.Clock.After(10);
        var guest = world.Toolstack.GuestOf(domain)!;
        // 8 MiB a second, half of it discarded and less each second.
        Assert.That(new Pages(guest.DiscardReads).ToKib(), Is.InRange(MiB(30), MiB(40)));
        Assert.That((guest.Reread, domain.TotPages.ToKib()), Is.EqualTo((0L, MiB(1024 - 514) + new Pages(guest.DiscardReads).ToKib())));
    });

    [Test]
    public void Chunks_of_2_MiB_are_volatile_only_as_a_whole() => World.Run(async world =>
    {
        var extents = await BootAsync(world, Cmma("extents", writes: 2));
        var scattered = await BootAsync(world, Cmma("scattered", writes: 2, extent: 4));
        Assert.That(extents.Hints!.Volatile.ToKib(), Is.InRange(MiB(330), MiB(340)));
        Assert.That(scattered.Hints!.Volatile, Is.EqualTo(Pages.Zero), "with 15 % of dirty pages anywhere, no chunk is clean");
        Assert.That(extents.Hints.Unused.ToKib(), Is.InRange(MiB(308), MiB(314)));
    }, Chunked);

    [Test]
    public void A_full_host_discards_before_it_pages() => World.Run(async world =>
    {
        var first = await BootAsync(world, Cmma("first"));
        var second = await BootAsync(world, Cmma("second", fileCache: 0));
        await world.Clock.After(30);
        Assert.That((second.Memory.PagedOut + first.Memory.PagedOut).Value, Is.Zero);
        Assert.That(first.Memory.DiscardedOf(PageClass.InactiveCache) + first.Memory.DiscardedOf(PageClass.ActiveCache), Is.GreaterThan(MiB(50).ToPages()));
        Assert.That(first.WaitedForWrites + second.WaitedForWrites, Is.Zero);
    }, Full(900));

    [Test]
    public void A_full_host_whose_guests_mark_nothing_pages_and_they_wait_for_it() => World.Run(async world =>
    {
        var spec = Cmma("first");
        var first = await BootAsync(world, spec with { Guest = spec.Guest with { Hinting = new HintingSpec() } });
        var second = await BootAsync(world, Domain("second", workingSet: 200));
        await world.Clock.After(30);
        Assert.That(first.Memory.PagedOut, Is.GreaterThan(MiB(50).ToPages()));
        Assert.That(second.WaitedForWrites, Is.GreaterThan(0));
        Assert.That(second.Memory.PagedOutOf(PageClass.Hot).Value, Is.Zero, "file cache was not used for longer");
    }, Full(900));

    [Test]
    public void Marking_pages_costs_something_even_when_nothing_is_discarded()
    {
        var lost = default(LostWork);
        World.Run(async world =>
        {
            using var meter = new CostMeter(world.Host, world.Toolstack);
            await BootAsync(world, Cmma());
            await world.Clock.After(60);
            lost = meter.Finish().Domains.Single().Lost;
        });
        Assert.That(lost.Sum, Is.EqualTo(lost.Hinting).And.InRange(0.03, 0.2));
    }

    [Test]
    public void Returned_file_cache_is_free_memory_because_its_content_is_lost() => World.Run(async world =>
    {
        var domain = await BootAsync(world, Cmma());
        domain.Withhold(MiB(500).ToPages());
        Assert.That(domain.ReturnWithheld(MiB(1000).ToPages()).ToKib(), Is.EqualTo(MiB(500)));
        Assert.That((domain.TotPages.ToKib(), domain.Withheld, domain.Memory.Discarded), Is.EqualTo((MiB(1024), Pages.Zero, Pages.Zero)));
        Assert.That(domain.Memory.Of(PageClass.Free).ToKib(), Is.EqualTo(MiB(500)));
    });

    private static async Task<SimulatedDomain> BootAsync(World world, DomainSpec spec)
    {
        var domain = await world.BootAsync(spec);
        await world.Clock.After(0.5);
        return domain;
    }

    private static DomainSpec Cmma(string name = "cmma", long writes = 0, long fileCache = 400, long extent = 2048) => Domain(name) with
    {
        Guest = new GuestSpec
        {
            Hinting = new HintingSpec { Cmma = new CmmaSpec { Extent = new Kib(extent) } },
            Workload = new WorkloadSpec
            {
                Phases =
                [
                    new WorkloadPhase
                    {
                        WorkingSet = Always(200),
                        FileCache = Always(fileCache),
                        FileReads = Rate.MiBPerSecond(8),
                        FileWrites = writes == 0 ? null : Rate.MiBPerSecond(writes),
                    },
                ],
            },
        },
    };
}
