using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using Actors.XenStore;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

/// <summary>The behaviour of a Linux guest's balloon, including facts that were found only on a real Xen.</summary>
internal sealed class BalloonTests
{
    private static readonly BalloonSpec Older = new() { Driver = BalloonDriverKind.Older };

    [TestCase(DomainKind.Pv, 0)]
    [TestCase(DomainKind.Pvh, 1)]
    [TestCase(DomainKind.Hvm, 9)]
    public void The_footprint_differs_from_the_target_by_a_constant(DomainKind kind, long offset) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: kind));
        foreach (var target in new long[] { 700, 400, 900 })
        {
            await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(target));
            await world.Clock.After(10);
            Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(target + offset)));
        }
    });

    [Test]
    public void It_moves_at_its_rate() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { Rate = Rate.MiBPerSecond(10) }));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint.Value, Is.EqualTo(MiB(924).Value).Within(MiB(3).Value));
    });

    [Test]
    public void An_older_driver_takes_free_pages_first_then_file_cache_then_cold_memory_and_never_the_working_set() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: Older, workingSet: 200, fileCache: 200, coldSet: 100, swap: 60));
        var kernel = MiB(109);
        async Task<Kib> Left(Kib footprint, PageClass kind)
        {
            await world.BalloonAsync(domain, footprint);
            await world.Clock.After(30);
            return domain.Memory.Of(kind).ToKib();
        }
        Assert.That(await Left(MiB(700), PageClass.ActiveCache), Is.EqualTo(MiB(100)));
        Assert.That(await Left(kernel + MiB(1 + 200 + 100 + 150), PageClass.InactiveCache), Is.EqualTo(MiB(50)));
        Assert.That(await Left(kernel + MiB(1 + 200 + 100 + 50), PageClass.ActiveCache), Is.EqualTo(MiB(50)));
        Assert.That(await Left(kernel + MiB(1 + 200 + 50), PageClass.Cold), Is.EqualTo(MiB(50)));
        Assert.That(await Left(kernel + MiB(1 + 200), PageClass.Hot), Is.EqualTo(MiB(200)));
        Assert.That(domain.Memory.Of(PageClass.Cold).ToKib(), Is.EqualTo(MiB(40)), "its swap holds 60 MiB of it");
        Assert.That(domain.State, Is.EqualTo(DomainState.Running));
    });

    [Test]
    public void Above_its_max_mem_it_gives_up_and_only_a_different_target_wakes_it() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain() with { StaticMax = MiB(2048) });
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1400));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)), "stuck at max_mem");
        Assert.That(world.Trace, Has.Some.Contains("gives up").And.Contains("max_mem"));

        domain.SetMaxMem(MiB(1500));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)), "raising max_mem afterwards does not wake it");
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1400));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1025)), "nor does the same target again");
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1399));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1400)));
    });

    [Test]
    public void Max_mem_raised_before_it_has_given_up_lets_it_grow() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain() with { StaticMax = MiB(2048) });
        await world.WriteAsync(domain, DomainKeys.BalloonTarget, MiB(1400));
        await world.Clock.After(5);
        domain.SetMaxMem(MiB(1500));
        await world.Clock.After(15);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1401)));
    });

    [Test]
    public void It_cannot_grow_beyond_the_free_memory_of_the_host() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain() with { StaticMax = MiB(2048) });
        await world.BootAsync(Domain("neighbour"));
        await world.BalloonAsync(domain, MiB(2000));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1536)));
        Assert.That((await world.Host.GetHostMemoryAsync()).Free, Is.EqualTo(Kib.Zero));
    }, new HostSpec { Memory = MiB(3072) });

    [Test]
    public void A_guest_that_uses_its_memory_stops_short_of_the_target_and_survives() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(workingSet: 600));
        await world.BalloonAsync(domain, MiB(400));
        await world.Clock.After(60);
        Assert.That(domain.State, Is.EqualTo(DomainState.Running));
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(109 + 600 + 1 + 10)), "kernel, working set, offset and the kernel's reserve");
        Assert.That(world.Trace, Has.Some.Contains("gives up").And.Contains("no more available memory"));
    });

    [Test]
    public void A_target_of_16_MiB_kills_a_guest_of_256_with_an_older_driver_at_85() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(kind: DomainKind.Pv, mebibytes: 256, balloon: Older));
        await world.BalloonAsync(domain, MiB(16));
        await world.Clock.After(30);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(85)));
        Assert.That(domain.State, Is.EqualTo(DomainState.Crashed));
    });

    [Test]
    public void A_guest_with_a_floor_stops_there_and_survives() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { Floor = MiB(300) }));
        await world.BalloonAsync(domain, MiB(16));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(300)));
        await world.BalloonAsync(domain, MiB(500));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(500)), "it still answers");
    });

    [Test]
    public void A_driver_that_hangs_halfway_never_moves_again() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { StopsAt = MiB(768) }));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(768)));
        await world.BalloonAsync(domain, MiB(1024));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(768)));
    });

    [TestCase(nameof(BalloonBehaviour.Refuses))]
    [TestCase(nameof(BalloonBehaviour.None))]
    public void Without_a_willing_driver_nothing_moves(string mood) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { Behaviour = Enum.Parse<BalloonBehaviour>(mood) }));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(60);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
    });

    [TestCase("")]
    [TestCase("-524288")]
    [TestCase("524288k")]
    [TestCase("0x80000")]
    [TestCase("99999999999999999999")]
    public void Only_a_decimal_number_is_a_target(string text) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        await world.Toolstack.WriteAsync(domain.Domid, DomainKeys.BalloonTarget, text);
        await world.Clock.After(30);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
    });

    [Test]
    public void A_newer_target_takes_over_at_once() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(balloon: new BalloonSpec { Rate = Rate.MiBPerSecond(50) }));
        await world.BalloonAsync(domain, MiB(400));
        await world.Clock.After(4);
        await world.BalloonAsync(domain, MiB(1000));
        await world.Clock.After(6);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1000)));
    });

    [Test]
    public void Keys_removed_by_an_operator_do_not_stop_it() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        await world.Dom0.RemoveAsync("/local/domain/1");
        await world.Clock.After(1);
        await world.Dom0.MakeDirectoryAsync("/local/domain/1/memory");
        await world.Dom0.SetPermissionsAsync("/local/domain/1/memory",
            new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(1, NodeAccess.Read)));
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(512)));
        await world.Dom0.ReleaseAsync(1);
        await world.Clock.After(1);
        Assert.That(world.Trace, Has.Some.Contains("balloon stops: the store has released its domain"));
        await world.Toolstack.DestroyAsync(1);
    });
}
