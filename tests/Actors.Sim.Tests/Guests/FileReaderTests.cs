using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Guests;

internal sealed class FileReaderTests
{
    [Test]
    public void A_guest_reads_its_files_for_the_first_time_without_a_loss() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reader());
        await world.Clock.After(60);
        Assert.That((Cache(domain).ToKib(), Reread(world, domain)), Is.EqualTo((MiB(400), 0)));
    });

    [Test]
    public void It_reads_again_what_the_balloon_evicted_as_often_as_it_touches_it() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reader());
        await world.BalloonAsync(domain, MiB(610));
        await world.Clock.After(60);
        Assert.That(Cache(domain).ToKib(), Is.EqualTo(MiB(200)));
        var before = Reread(world, domain);
        await world.Clock.After(100);
        // 8 MiB a second, half of it evicted.
        Assert.That(new Pages(Reread(world, domain) - before).ToKib().Value / 1024, Is.InRange(390, 402));
    });

    [Test]
    public void Its_cache_fills_as_it_reads_when_the_balloon_gives_memory_back() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reader());
        await world.BalloonAsync(domain, MiB(610));
        await world.Clock.After(60);
        await world.BalloonAsync(domain, MiB(1000));
        await world.Clock.After(20);
        Assert.That(Cache(domain).ToKib(), Is.InRange(MiB(240), MiB(300)));
        await world.Clock.After(600);
        Assert.That(Cache(domain).ToKib(), Is.GreaterThan(MiB(399)));
    });

    [Test]
    public void Files_that_the_host_has_paged_out_come_from_its_disk_when_the_guest_reads_them() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reader());
        domain.PageOut(domain.Memory.Resident);
        await world.Clock.After(60);
        Assert.That(domain.Memory.ResidentOf(PageClass.ActiveCache).ToKib(), Is.InRange(MiB(100), MiB(180)));
        Assert.That(Reread(world, domain), Is.EqualTo(0));
    });

    [Test]
    public void A_guest_that_drops_its_cache_has_free_memory() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Reader(new WorkloadPhase { FileCache = Always(100), DropsCache = true }));
        await world.Clock.After(60);
        Assert.That(Cache(domain).ToKib(), Is.EqualTo(MiB(400)));
        await world.Clock.After(60);
        Assert.That(Cache(domain).ToKib(), Is.EqualTo(MiB(100)));
    });

    private static Pages Cache(SimulatedDomain domain) => domain.Memory.Of(PageClass.ActiveCache) + domain.Memory.Of(PageClass.InactiveCache);

    private static long Reread(World world, SimulatedDomain domain) => world.Toolstack.GuestOf(domain)!.Reread;

    private static DomainSpec Reader(params WorkloadPhase[] next) => Domain() with
    {
        Guest = new GuestSpec
        {
            Workload = new WorkloadSpec
            {
                Phases =
                [
                    new WorkloadPhase
                    {
                        Duration = next.Length > 0 ? TimeSpan.FromSeconds(100) : null,
                        WorkingSet = Always(300),
                        FileCache = Always(400),
                        FileReads = Rate.MiBPerSecond(8),
                    },
                    .. next,
                ],
            },
        },
    };
}
