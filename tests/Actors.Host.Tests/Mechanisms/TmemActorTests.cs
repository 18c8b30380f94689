using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>Which pages the tmem actor drops, caps and leaves alone.</summary>
internal sealed class TmemActorTests
{
    private static readonly HostSpec Xen412 = new() { Memory = Kib.FromGiB(16), XenVersion = new Version(4, 12) };

    [Test]
    public void Ephemeral_pages_are_dropped_first_and_do_not_return() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);
        Assert.That(world.Footprint(domid), Is.EqualTo(Kib.FromMiB(1224)));

        var state = await TmemAsync(world, domid, 1100);
        await world.AfterAsync(60);

        Assert.That(state.Outcome, Is.EqualTo("reached"));
        Assert.That(state.Reason, Is.EqualTo("124 MiB of ephemeral pages dropped; the pools hold 26 MiB ephemeral and 50 MiB persistent, capped at 76 MiB"));
        Assert.That(world.Footprint(domid), Is.EqualTo(Kib.FromMiB(1100)), "no other pages replace them");
    }, Xen412);

    [Test]
    public void Persistent_pages_are_never_dropped() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);

        var state = await TmemAsync(world, domid, 1000);

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Is.EqualTo("74 MiB short: no ephemeral pages are left to drop, and only the guest can take its "
            + "persistent pages back; the pools hold 0 KiB ephemeral and 50 MiB persistent, capped at 0 KiB, frozen"));
        Assert.That(world.Machine.Find(domid)!.Tmem.Persistent, Is.EqualTo(Kib.FromMiB(50).ToPages()));
    }, Xen412);

    [Test]
    public void A_higher_target_lets_the_guest_put_pages_again_and_a_release_restores_everything() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);
        await TmemAsync(world, domid, 1000);

        Assert.That((await TmemAsync(world, domid, 1150)).Outcome, Is.EqualTo("reached"));
        await world.AfterAsync(60);
        Assert.That(world.Footprint(domid), Is.EqualTo(Kib.FromMiB(1150)));

        await world.SetAsync(domid, "actor", "external");
        await world.StateAsync(domid, state => state.Outcome == "external");
        await world.AfterAsync(60);
        Assert.That(world.Machine.Find(domid)!.Tmem.Info, Is.EqualTo(new TmemPools(Kib.FromMiB(150).ToPages(), Kib.FromMiB(50).ToPages(), false, null, 1)));
    }, Xen412);

    [Test]
    public void The_actor_key_can_set_a_cap_and_a_weight() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);

        var state = await TmemAsync(world, domid, 1224, "tmem:cap=64MiB,weight=10");

        Assert.That(state.Outcome, Is.EqualTo("short"), "the cap holds it below its target");
        Assert.That(world.Machine.Find(domid)!.Tmem.Info, Is.EqualTo(new TmemPools(Kib.FromMiB(14).ToPages(), Kib.FromMiB(50).ToPages(), false, Kib.FromMiB(64), 10)));
    }, Xen412);

    [Test]
    public void A_malformed_argument_is_reported_with_the_grammar() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);

        var state = await TmemAsync(world, domid, 1100, "tmem:cap=64");

        Assert.That((state.Outcome, state.Reason), Is.EqualTo(("unable",
            "'cap=64' in the actor key is malformed or repeated: expected tmem[:cap=SIZE][,weight=NUMBER], SIZE with its unit (64MiB, 1GiB, 512KiB)")));
    }, Xen412);

    [Test]
    public void Xen_4_13_no_longer_has_tmem() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);

        var state = await TmemAsync(world, domid, 1000);

        Assert.That((state.Outcome, state.Reason), Is.EqualTo(("unable", "tmem was removed from Xen in 4.13, and this is 4.13")));
    }, Xen412 with { XenVersion = new Version(4, 13) });

    [Test]
    public void The_host_drops_ephemeral_pages_by_weight_when_it_needs_memory() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var light = await CreateAsync(world, "light");
        var heavy = await CreateAsync(world, "heavy");
        await TmemAsync(world, heavy, 1224, "tmem:weight=9");
        var free = (await world.Machine.GetHostMemoryAsync()).Free;

        await world.Toolstack.CreateAsync(new DomainSpec { Name = "new", Memory = free + Kib.FromMiB(100) });

        Assert.That(world.Machine.Find(light)!.Tmem.Ephemeral.ToKib(), Is.EqualTo(Kib.FromMiB(50)));
        Assert.That(world.Machine.Find(heavy)!.Tmem.Ephemeral.ToKib(), Is.EqualTo(Kib.FromMiB(150)));
    }, Xen412);

    [Test]
    public void The_balloon_makes_room_for_the_pages_in_the_pools() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world);
        await world.SetAsync(domid, "actor", "balloon");

        var state = await world.ReachAsync(domid, Kib.FromMiB(800));

        Assert.That((state.Outcome, world.Footprint(domid)), Is.EqualTo(("reached", Kib.FromMiB(800))));
        Assert.That(world.Info(domid).TmemPages, Is.EqualTo(Kib.FromMiB(200).ToPages()));
    }, Xen412);

    private static async Task<int> CreateAsync(TestWorld world, string name = "web-1")
    {
        var tmem = new TmemSpec { Ephemeral = Kib.FromMiB(150), Persistent = Kib.FromMiB(50) };
        var domain = await world.Toolstack.CreateAsync(new DomainSpec
        {
            Name = name,
            Memory = Kib.FromGiB(1),
            StaticMax = Kib.FromGiB(2),
            Guest = new GuestSpec { Tmem = tmem },
        });
        await world.AfterAsync(10);
        return domain.Domid;
    }

    private static async Task<StateKey> TmemAsync(TestWorld world, int domid, long mebibytes, string actor = "tmem")
    {
        await world.SetAsync(domid, "actor", actor);
        return await world.ReachAsync(domid, Kib.FromMiB(mebibytes));
    }
}
