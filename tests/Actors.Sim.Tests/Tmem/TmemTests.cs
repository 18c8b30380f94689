using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class TmemTests
{
    private static readonly HostSpec Xen412 = new() { XenVersion = new Version(4, 12) };

    private static readonly TmemSpec Pools = new() { Ephemeral = MiB(150), Persistent = MiB(50) };

    [Test]
    public void A_guest_fills_its_pools_up_to_max_mem() => World.Run(async world =>
    {
        var spec = Domain() with { StaticMax = MiB(2048) };
        var domain = await world.Toolstack.CreateAsync(spec with { Guest = spec.Guest with { Tmem = Pools } });
        domain.SetMaxMem(MiB(1025));
        await world.Clock.After(20);
        Assert.That(domain.Tmem.Held, Is.EqualTo(MiB(1).ToPages()));

        domain.SetMaxMem(MiB(2048));
        await world.Clock.After(10);

        Assert.That(domain.Tmem.Info, Is.EqualTo(new TmemPools(MiB(150).ToPages(), MiB(50).ToPages(), false, null, 1)));
        Assert.That(domain.Info, Has.Property("Footprint").EqualTo(MiB(1224)).And.Property("TmemPages").EqualTo(MiB(200).ToPages()));
    }, Xen412);

    [Test]
    public void Frozen_pools_take_nothing_and_thawed_ones_do() => World.Run(async world =>
    {
        var (domain, tmem) = await FullAsync(world);
        await tmem.FreezeAsync();
        Assert.That((await tmem.FlushAsync(MiB(500).ToPages())).ToKib(), Is.EqualTo(MiB(150)), "no persistent page is dropped");
        await world.Clock.After(60);
        Assert.That(domain.Tmem.Held.ToKib(), Is.EqualTo(MiB(50)));

        await tmem.ThawAsync();
        await world.Clock.After(60);
        Assert.That(domain.Tmem.Held.ToKib(), Is.EqualTo(MiB(200)));
    }, Xen412);

    [Test]
    public void A_cap_limits_new_pages_and_drops_nothing() => World.Run(async world =>
    {
        var (domain, tmem) = await FullAsync(world);
        await tmem.SetCapAsync(MiB(100));
        Assert.That(domain.Tmem.Held.ToKib(), Is.EqualTo(MiB(200)));

        await tmem.FlushAsync(MiB(150).ToPages());
        await world.Clock.After(60);
        Assert.That(domain.Tmem.Held.ToKib(), Is.EqualTo(MiB(100)));
    }, Xen412);

    [Test]
    public void The_host_takes_only_ephemeral_pages_for_a_new_domain() => World.Run(async world =>
    {
        var (domain, _) = await FullAsync(world);
        var free = (await world.Host.GetHostMemoryAsync()).Free;

        await world.Toolstack.CreateAsync(Domain("new", mebibytes: (free.Value / 1024) + 150));

        Assert.That(domain.Tmem.Info, Is.EqualTo(new TmemPools(Pages.Zero, MiB(50).ToPages(), false, null, 1)));
        await Assert.ThatAsync(() => world.Toolstack.CreateAsync(Domain("one too many", mebibytes: 64)), Throws.InstanceOf<HypervisorException>());
    }, Xen412);

    [TestCase(4, 13, true, "tmem was removed from Xen in 4.13, and this is 4.13")]
    [TestCase(4, 12, false, "tmem is off on this host: boot Xen with 'tmem'")]
    public void Not_every_host_has_tmem(int major, int minor, bool on, string reason) => World.Run(async world =>
    {
        var domain = await BootAsync(world);
        Assert.That(world.Host.GetMechanism<ITmem>(domain.Domid).WhyNot, Is.EqualTo(reason));
    }, new HostSpec { XenVersion = new Version(major, minor), Tmem = on });

    private static async Task<(SimulatedDomain Domain, ITmem Tmem)> FullAsync(World world)
    {
        var domain = await BootAsync(world);
        return (domain, world.Host.GetMechanism<ITmem>(domain.Domid).Mechanism!);
    }

    private static async Task<SimulatedDomain> BootAsync(World world)
    {
        var spec = Domain() with { StaticMax = MiB(2048) };
        var domain = await world.BootAsync(spec with { Guest = spec.Guest with { Tmem = Pools } });
        await world.Clock.After(10);
        return domain;
    }
}
