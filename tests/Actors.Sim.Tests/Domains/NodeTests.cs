using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Domains;

/// <summary>NUMA nodes: where domains get their memory, and claims on nodes.</summary>
internal sealed class NodeTests
{
    private static readonly HostSpec Host =
        new() { Memory = Kib.FromGiB(8), Dom0Memory = MiB(512), Nodes = 2, ClaimSets = true, XenVersion = new Version(4, 22) };

    [Test]
    public void A_domain_gets_its_memory_on_its_own_node_and_spreads_when_that_is_full() => World.Run(async world =>
    {
        var first = await world.BootAsync(Domain("first", mebibytes: 3072) with { Node = 1 });
        var second = await world.BootAsync(Domain("second", mebibytes: 1024) with { Node = 1 });
        var anywhere = await world.BootAsync(Domain("anywhere", mebibytes: 1024));

        // dom0 has half of its memory on each node, so 768 MiB of node 1 were left for the second domain.
        Assert.Multiple(() =>
        {
            Assert.That(first.Account.Nodes!.Local, Is.EqualTo(1));
            Assert.That(second.Account.Nodes!.Local, Is.EqualTo(0.75).Within(0.001));
            Assert.That(anywhere.Account.Nodes!.Local, Is.Null);
            Assert.That(world.Host.Machine.Nodes!.Free(1), Is.Zero);
        });
    }, Host);

    [Test]
    public void Memory_that_is_claimed_on_a_node_is_kept_there() => World.Run(async world =>
    {
        var claimer = await world.BootAsync(Domain("claimer", mebibytes: 512) with { StaticMax = MiB(4096), Node = 1 });
        claimer.SetMaxMem(MiB(4096));
        claimer.Claims.Replace(new ClaimSet(MiB(256), [Kib.Zero, MiB(2048)]));
        await world.BootAsync(Domain("other", mebibytes: 3072) with { Node = 1 });

        var nodes = world.Host.Machine.Nodes!;
        Assert.That(nodes.Free(1), Is.EqualTo(MiB(2048).ToPages().Value), "the other domain went to node 0 with the rest");
        claimer.Populate(MiB(2048).ToPages());
        Assert.That((claimer.Claims.On(1), claimer.Claims.Anywhere.ToKib(), claimer.Account.Nodes!.Local), Is.EqualTo((Pages.Zero, MiB(256), 1.0)));
    }, Host);

    [Test]
    public void A_set_of_claims_replaces_the_old_one_at_once_or_not_at_all() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(mebibytes: 512) with { StaticMax = MiB(8192) });
        domain.SetMaxMem(MiB(8192));
        domain.Claims.Replace(new ClaimSet(Kib.Zero, [MiB(1024), MiB(1024)]));
        domain.Claims.Replace(new ClaimSet(MiB(100), [MiB(3000)]));
        Assert.That((domain.Claims.Anywhere.ToKib(), domain.Claims.On(0).ToKib(), domain.Claims.On(1)), Is.EqualTo((MiB(100), MiB(3000), Pages.Zero)));

        Assert.That(() => domain.Claims.Replace(new ClaimSet(Kib.Zero, [Kib.Zero, MiB(5000)])), Throws.InstanceOf<HypervisorException>().With.Message.Contains("on these nodes"));
        Assert.That(() => domain.Claims.Replace(new ClaimSet(MiB(9000), [])), Throws.InstanceOf<HypervisorException>().With.Message.Contains("max_mem"));
        Assert.That(() => domain.Claims.Claim(MiB(1024)), Throws.InstanceOf<HypervisorException>().With.Message.Contains("has a claim already"));
        Assert.That(domain.Claims.Outstanding.ToKib(), Is.EqualTo(MiB(3100)), "the old set stays");
        domain.Claims.Claim(Kib.Zero);
        Assert.That(domain.Claims.Outstanding, Is.EqualTo(Pages.Zero));
    }, Host);

    [Test]
    public void Memory_can_be_added_to_a_host_and_taken_offline() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(mebibytes: 1024));
        await world.Toolstack.ResizeHostAsync(MiB(1024));
        Assert.That(await world.Host.GetHostMemoryAsync(), Is.EqualTo(new HostMemory(MiB(3072), MiB(1536), Kib.Zero)));

        await world.Toolstack.ResizeHostAsync(Kib.Zero - MiB(2000));
        Assert.That(await world.Host.GetHostMemoryAsync(), Is.EqualTo(new HostMemory(MiB(1536), Kib.Zero, Kib.Zero)), "the rest goes when it is freed");
        domain.Inflate(PageClass.Free, MiB(500).ToPages());
        Assert.That(await world.Host.GetHostMemoryAsync(), Is.EqualTo(new HostMemory(MiB(1072), MiB(36), Kib.Zero)));
        Assert.That(world.Trace, Has.Some.EndsWith("the machine has 3 GiB now, 1.5 GiB free"));
    }, new HostSpec { Memory = MiB(2048), Dom0Memory = MiB(512) });
}
