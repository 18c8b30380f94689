using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Tests.Memory;

internal sealed class SuperpageTests
{
    private static readonly HostSpec Host = new() { Memory = Kib.FromGiB(16), Superpages = true };

    [Test]
    public void A_domain_is_built_from_superpages() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Random));

        Assert.That(Whole(domain), Is.EqualTo(1));
    }, Host);

    [Test]
    public void Without_hap_2mb_a_domain_has_none() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Superpages));
        await ShrinkAsync(world, domain, 0.5);
        await ShrinkAsync(world, domain, 0);

        Assert.That(Whole(domain), Is.Zero);
    }, Host with { Hap2Mb = false });

    [TestCase(0.001)]
    [TestCase(0.0005)]
    [TestCase(0.01)]
    [TestCase(0.25)]
    public void Random_ballooning_leaves_the_superpages_that_no_page_hits(double part) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Random));
        await ShrinkAsync(world, domain, part);

        Assert.That(Whole(domain), Is.EqualTo(Math.Pow(1 - part, Chunks.Size)).Within(0.02));
    }, Host);

    [TestCase(BalloonPages.Colocated)]
    [TestCase(BalloonPages.Superpages)]
    [TestCase(BalloonPages.Compacting)]
    public void The_other_drivers_keep_every_superpage_that_they_do_not_need(BalloonPages pages) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(pages));
        await ShrinkAsync(world, domain, 0.25);

        Assert.That(Whole(domain), Is.EqualTo(0.75).Within(0.002));
    }, Host);

    [TestCase(BalloonPages.Random, 0.0)]
    [TestCase(BalloonPages.Colocated, 0.75)]
    [TestCase(BalloonPages.Superpages, 1.0)]
    public void Only_what_was_released_as_2_MiB_is_a_superpage_again_when_the_balloon_is_empty(BalloonPages pages, double expected) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(pages));
        await ShrinkAsync(world, domain, 0.25);
        await ShrinkAsync(world, domain, 0);

        Assert.That(domain.Memory.Of(PageClass.Ballooned), Is.EqualTo(Pages.Zero));
        Assert.That(Whole(domain), Is.EqualTo(expected).Within(0.002));
    }, Host);

    [Test]
    public void A_paged_out_page_shatters_its_chunk_for_good() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Random));
        domain.PageOut(Kib.FromMiB(512).ToPages());
        var paged = Whole(domain);
        domain.PageIn(Kib.FromMiB(512).ToPages());

        Assert.That((paged, Whole(domain)), Is.EqualTo((0.75, 0.75)));
    }, Host);

    [Test]
    public void A_guest_whose_free_memory_is_scattered_balloons_2_MiB_only_if_it_compacts() => World.Run(async world =>
    {
        async Task<(double Whole, long Copied)> After(BalloonPages pages)
        {
            var domain = await world.BootAsync(Guest(pages, name: $"{pages}", workingSet: Kib.FromGiB(1)));
            await world.Clock.After(1);
            Scatter(domain.Memory);
            var scattered = domain.Memory.Copied;
            await ShrinkAsync(world, domain, 0.25);
            return (Whole(domain), domain.Memory.Copied - scattered);
        }
        var (superpages, copiedBySuperpages) = await After(BalloonPages.Superpages);
        var (compacting, copied) = await After(BalloonPages.Compacting);

        Assert.That(superpages, Is.LessThan(0.6));
        Assert.That(compacting, Is.EqualTo(0.75).Within(0.01));
        // Half of each chunk is in use: 256 copies free 512 pages.
        var ballooned = 0.25 * Kib.FromGiB(2).ToPages().Value;
        Assert.That(copiedBySuperpages, Is.Zero);
        Assert.That(copied, Is.EqualTo(ballooned / 2).Within(2000));
    }, Host);

    [Test]
    public void A_compacting_driver_makes_superpages_of_what_a_pager_has_shattered() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Compacting));
        domain.PageOut(Kib.FromMiB(512).ToPages());
        domain.PageIn(Kib.FromMiB(512).ToPages());
        await ShrinkAsync(world, domain, 0.001);
        await world.Clock.After(30);

        Assert.That(Whole(domain), Is.EqualTo(1).Within(0.002));
    }, Host);

    [Test]
    public void An_exchange_is_refused_while_all_free_memory_is_claimed() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Compacting));
        var builder = await world.BootAsync(Guest(BalloonPages.Random, name: "builder"));
        domain.PageOut(Kib.FromMiB(512).ToPages());
        domain.PageIn(Kib.FromMiB(512).ToPages());
        builder.SetMaxMem(Kib.FromGiB(16));
        builder.Claims.Claim(builder.TotPages.ToKib() + world.Host.FreePages.ToKib());
        // The driver frees less than 2 MiB, which would not be claimed.
        await ShrinkAsync(world, domain, 0.0004);
        var claimed = Whole(domain);
        builder.Claims.Claim(Kib.Zero);
        await world.Clock.After(60);

        Assert.That(claimed, Is.EqualTo(0.75));
        Assert.That(Whole(domain), Is.EqualTo(1).Within(0.002));
        Assert.That(world.Trace, Has.One.Contains("XENMEM_exchange is refused"));
    }, Host);

    [Test]
    public void A_host_whose_memory_random_drivers_have_broken_has_no_superpages_for_a_new_domain() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Random) with { Memory = Kib.FromGiB(15) });
        await ShrinkAsync(world, domain, 0.3);
        var next = await world.BootAsync(Guest(BalloonPages.Random, name: "next"));

        Assert.That(Whole(next), Is.LessThan(0.3));
    }, Host);

    [Test]
    public void A_destroyed_domain_leaves_superpages_for_the_next_one() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Guest(BalloonPages.Superpages) with { Memory = Kib.FromGiB(15) });
        await world.Toolstack.DestroyAsync(domain.Domid);
        var next = await world.BootAsync(Guest(BalloonPages.Superpages, name: "next") with { Memory = Kib.FromGiB(15) });

        Assert.That(Whole(next), Is.EqualTo(1).Within(0.001));
    }, Host);

    [Test]
    public void The_same_seed_shatters_the_same_chunks()
    {
        var (first, again, other) = (Shattered(7), Shattered(7), Shattered(8));

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void A_shattered_guest_of_4_GiB_takes_less_than_64_KiB() => World.Run(async world =>
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var memories = Enumerable.Range(0, 20).Select(_ => Scattered()).ToList();
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / memories.Count;
        await Task.CompletedTask;

        Assert.That(each, Is.LessThan(64 * 1024));
        GC.KeepAlive(memories);
    }, Host);

    private static GuestMemory Scattered()
    {
        var size = Kib.FromGiB(4).ToPages();
        var memory = new GuestMemory(size, size);
        memory.Map(new Machine.HostFrames(size.Value, allowed: true), () => true);
        memory.OrderBalloon(new RandomOrder(new Random(1)));
        memory.Inflate(PageClass.Free, new Pages(100_000));
        return memory;
    }

    private static List<int> Shattered(int seed)
    {
        var chunks = new List<int>();
        World.Run(async world =>
        {
            var domain = await world.BootAsync(Guest(BalloonPages.Random));
            await ShrinkAsync(world, domain, 0.001);
            chunks.AddRange(Enumerable.Range(0, domain.Memory.ChunkCount).Where(chunk => !domain.Memory.Mappings!.IsWhole(chunk)));
        }, Host with { Seed = new Seed(seed) });
        return chunks;
    }

    /// <summary>Spreads the working set over all chunks, as in a guest that has run for a while.</summary>
    private static void Scatter(GuestMemory memory)
    {
        for (var (from, into) = (0, memory.ChunkCount - 2); from < into; from++, into--)
            memory.Copy(PageClass.Hot, from, into, Chunks.Size / 2);
    }

    // A kernel of 2 MiB, so that nearly all of the memory is free.
    private static DomainSpec Guest(BalloonPages pages, string name = "vm", Kib workingSet = default) => new()
    {
        Name = name,
        Kind = DomainKind.Pvh,
        Memory = Kib.FromMiB(2049),
        Guest = new GuestSpec
        {
            Kernel = Kib.FromMiB(2),
            Balloon = new BalloonSpec { Pages = pages, Rate = Rate.MiBPerSecond(500) },
            Workload = new WorkloadSpec { Phases = [new WorkloadPhase { WorkingSet = new ConstantShape(workingSet) }] },
        },
    };

    private static async Task ShrinkAsync(World world, SimulatedDomain domain, double part)
    {
        var size = (domain.Spec.Memory - domain.Spec.Offset).ToPages().Value;
        await world.BalloonAsync(domain, new Pages((long)(size * (1 - part))).ToKib() + domain.Spec.Offset);
        await world.Clock.After(60);
    }

    private static double Whole(SimulatedDomain domain) => domain.Memory.Mappings!.Whole / (double)domain.Memory.ChunkCount;
}
