using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>Guests that grow on a host that does not have enough memory for all of them.</summary>
internal sealed class BalloonGrowthTests
{
    private static readonly HostSpec Small = new() { Memory = Kib.FromMiB(3584) };
    private static readonly Kib Target = Kib.FromGiB(2);

    [Test]
    public void On_a_full_host_the_reason_names_the_hosts_memory_and_not_the_driver() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var a = await CreateAsync(world, "a", Kib.FromGiB(1));
        await CreateAsync(world, "b", Kib.FromGiB(2));

        var state = await world.ReachAsync(a, Target);

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Does.Contain("the host has no more memory for this domain").And.Contain("72 MiB stay reserved").And.Not.Contain("driver"));
        Assert.That(world.Footprint(a), Is.EqualTo(Kib.FromGiB(1)));
        Assert.That(await TargetAsync(world, a), Is.EqualTo(Kib.FromMiB(1023)), "it is not asked for memory that the host does not have");
    }, Small);

    [Test]
    public void A_guest_gets_what_there_is_above_the_reserve() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var a = await CreateAsync(world, "a", Kib.FromGiB(1));
        await CreateAsync(world, "b", Kib.FromGiB(1));

        var state = await world.ReachAsync(a, Target);

        Assert.That((state.Outcome, world.Footprint(a)), Is.EqualTo(("short", Kib.FromGiB(2) - HostReserve.Default)));
        Assert.That(world.Machine.FreePages.ToKib(), Is.EqualTo(HostReserve.Default));
        Assert.That(world.Info(a).MaxMem, Is.LessThanOrEqualTo(Kib.FromGiB(2) - HostReserve.Default + Kib.FromMiB(1)));
    }, Small);

    [Test]
    public void Guests_that_grow_together_never_touch_the_reserve() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domids = new List<int>();
        foreach (var (name, rate) in new[] { ("a", 300), ("b", 40), ("c", 110) })
            domids.Add(await CreateAsync(world, name, Kib.FromMiB(512), rate));
        foreach (var domid in domids)
            await world.SetTargetAsync(domid, Target);

        for (var check = 0; check < 600; check++)
        {
            await world.AfterAsync(0.1);
            Assert.That(world.Machine.FreePages.ToKib(), Is.GreaterThanOrEqualTo(HostReserve.Default), $"{world.Elapsed}");
        }

        Assert.That(world.Machine.FreePages.ToKib(), Is.LessThan(HostReserve.Default + Kib.FromMiB(4)), "and what there is was given");
    }, Small);

    [Test]
    public void A_guest_that_grows_stops_when_another_program_takes_the_memory() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var a = await CreateAsync(world, "a", Kib.FromGiB(1), rate: 20);
        await world.SetTargetAsync(a, Target);
        await world.AfterAsync(5);

        await CreateAsync(world, "b", Kib.FromMiB(1700));
        var state = await world.StateAsync(a, state => state.Final);

        Assert.That(state.Reason, Does.Contain("the host has no more memory for this domain"));
        Assert.That(world.Machine.FreePages.ToKib(), Is.GreaterThan(HostReserve.Default - Kib.FromMiB(25)), "at most what its driver takes in one second");
    }, Small);

    [Test]
    public void A_guest_that_grows_gets_memory_that_appears_meanwhile() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var a = await CreateAsync(world, "a", Kib.FromGiB(1), rate: 20);
        var b = await CreateAsync(world, "b", Kib.FromMiB(1700));
        await world.SetTargetAsync(a, Kib.FromMiB(1500));
        await world.AfterAsync(5);

        await world.Toolstack.DestroyAsync(b);

        Assert.That((await world.StateAsync(a, state => state.Final)).Outcome, Is.EqualTo("reached"));
    }, Small);

    [Test]
    public void A_driver_that_gave_up_is_woken_by_a_target_that_is_one_page_off_and_stays_so() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var a = await CreateAsync(world, "a", Kib.FromGiB(1));
        await world.SetAsync(a, "actor", "balloon");
        await world.ReachAsync(a, Kib.FromMiB(512));
        // Someone else's limit makes the driver give up on its way to a target, and is lifted again.
        await world.Toolstack.WriteAsync(a, "memory/target", $"{Kib.FromMiB(1023).Value}");
        await world.AfterAsync(60);
        Assert.That(world.Footprint(a), Is.EqualTo(Kib.FromMiB(513)), "its driver gave up at max_mem");

        var state = await world.ReachAsync(a, Kib.FromGiB(1));

        Assert.That(state.Outcome, Is.EqualTo("reached"));
        Assert.That(await TargetAsync(world, a), Is.EqualTo(Kib.FromMiB(1023) - new Kib(4)));
    });

    private static async Task<int> CreateAsync(TestWorld world, string name, Kib memory, long rate = 200)
    {
        var guest = new GuestSpec { Balloon = new BalloonSpec { Rate = Rate.MiBPerSecond(rate) } };
        var spec = new DomainSpec { Name = name, Memory = memory, StaticMax = Target, Guest = guest };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromMilliseconds(1), world.Time);
        return domain.Domid;
    }

    private static async Task<Kib> TargetAsync(TestWorld world, int domid) =>
        new(long.Parse(await world.DomainZero.ReadTextAsync($"/local/domain/{domid}/memory/target"), System.Globalization.CultureInfo.InvariantCulture));
}
