using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>Every way in which a domain gets memory back leaves the reserve of the host alone, and a target that lacks memory waits for it.</summary>
internal sealed class ReserveTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly Kib Whole = Kib.FromGiB(1);
    private static readonly Kib Left = Kib.FromMiB(100);
    private static readonly HostSpec Host = new() { Memory = Kib.FromGiB(4) };

    [Test]
    public void Paged_domains_that_grow_together_do_not_touch_the_reserve_and_wait_in_their_order() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var (first, second) = (await PagedAsync(world, "a"), await PagedAsync(world, "b"));
        var filler = await FillAsync(world);
        await world.SetTargetAsync(first, Whole);
        await world.AfterAsync(0.5);
        await world.SetTargetAsync(second, Whole);

        var waiting = await LeavesTheReserveAsync(world, () => world.StateAsync(second, state => state.Final && state.Target == Whole));
        await world.StateAsync(first, state => state.Final && state.Target == Whole);

        Assert.That(waiting.Outcome, Is.EqualTo("short"));
        Assert.That(waiting.Reason, Does.Contain("are still paged out").And.Contain("72 MiB stay reserved for the host").And.Contain("of free host memory; retried automatically"));
        Assert.That(await world.DomainZero.ReadTextAsync($"/local/domain/{second}/memory-policy/waiting"), Does.Contain("lacks=host-memory"));
        Assert.That(world.Machine.FreePages.ToKib(), Is.LessThan(HostReserve.Default + Kib.FromMiB(4)), "and what there is was given");

        await world.Toolstack.DestroyAsync(filler);
        await LeavesTheReserveAsync(world, () => world.StateAsync(second, state => state.Outcome == "reached"));
        Assert.That((await world.StateAsync(first))!.Outcome, Is.EqualTo("reached"));
        var retries = world.Journal.Where(entry => entry.Why.Contains("requested again")).Select(entry => entry.Domid).ToList();
        Assert.That(retries.IndexOf(first), Is.LessThan(retries.IndexOf(second)), "the one that has waited longer comes first");
    }, Host);

    [Test]
    public void A_pager_that_is_released_brings_back_what_the_host_has_above_its_reserve_and_the_rest_later() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await PagedAsync(world, "a");
        var filler = await FillAsync(world);

        await LeavesTheReserveAsync(world, async () =>
        {
            await world.Toolstack.RemoveAsync(domid, "memory-policy/target");
            await world.AfterAsync(60);
            return true;
        });
        Assert.That(world.Footprint(domid), Is.InRange(Half + Left - Kib.FromMiB(4), Half + Left + Kib.FromMiB(1)));

        await world.Toolstack.DestroyAsync(filler);
        await LeavesTheReserveAsync(world, async () =>
        {
            await world.AfterAsync(60);
            return true;
        });
        Assert.That((world.Info(domid).PagedPages, world.Footprint(domid)), Is.EqualTo((Pages.Zero, Whole)));
    }, Host);

    [Test]
    public void Copies_of_shared_pages_do_not_touch_the_reserve() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var (first, _) = (await SharedAsync(world, "a"), await SharedAsync(world, "b"));
        await world.SetAsync(first, "actor", "sharing");
        await world.ReachAsync(first, Kib.FromMiB(700));
        await FillAsync(world);

        var state = await LeavesTheReserveAsync(world, () => world.ReachAsync(first, Whole));

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(await world.DomainZero.ReadTextAsync($"/local/domain/{first}/memory-policy/waiting"), Does.Contain("lacks=host-memory"));
    }, Host);

    [Test]
    public void Pools_that_grow_do_not_touch_the_reserve() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var tmem = new TmemSpec { Ephemeral = Kib.FromMiB(300) };
        var spec = new DomainSpec { Name = "a", Memory = Whole, StaticMax = Whole + Whole, Guest = new GuestSpec { Tmem = tmem } };
        var domid = (await world.Toolstack.CreateAsync(spec)).Domid;
        await world.AfterAsync(10);
        await world.SetAsync(domid, "actor", "tmem");
        await world.ReachAsync(domid, world.Footprint(domid) - Kib.FromMiB(250));
        await FillAsync(world);

        var state = await LeavesTheReserveAsync(world, () => world.ReachAsync(domid, world.Footprint(domid) + Kib.FromMiB(200)));

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Does.Contain("the host has no more free memory above its reserve for the pools"));
    }, Host with { XenVersion = new Version(4, 12) });

    // What stays free is the reserve and a bit more.
    private static async Task<int> FillAsync(TestWorld world)
    {
        var memory = world.Machine.FreePages.ToKib() - HostReserve.Default - Left;
        return (await world.Toolstack.CreateAsync(new DomainSpec { Name = "filler", Kind = DomainKind.Pv, Memory = memory })).Domid;
    }

    private static async Task<int> PagedAsync(TestWorld world, string name)
    {
        var domid = await world.CreateAsync(name);
        await world.SetAsync(domid, "actor", "paging");
        await world.ReachAsync(domid, Half);
        return domid;
    }

    private static async Task<int> SharedAsync(TestWorld world, string name)
    {
        var spec = new DomainSpec
        {
            Name = name,
            Memory = Whole,
            SharingGroup = "web",
            Guest = new GuestSpec
            {
                Contents = new ContentSpec { Images = [("debian-12", Kib.FromMiB(300))], Zero = Kib.FromMiB(100) },
                Workload = new WorkloadSpec { Phases = [new() { FileCache = new ConstantShape(Kib.FromMiB(250)), WorkingSet = new ConstantShape(Kib.FromMiB(100)) }] },
            },
        };
        var domain = await world.Toolstack.CreateAsync(spec);
        await world.AfterAsync(spec.BootTime.TotalSeconds + 1);
        return domain.Domid;
    }

    private static async Task<T> LeavesTheReserveAsync<T>(TestWorld world, Func<Task<T>> work)
    {
        var done = work();
        while (!done.IsCompleted)
        {
            Assert.That(world.Machine.FreePages.ToKib(), Is.GreaterThanOrEqualTo(HostReserve.Default), $"{world.Elapsed}");
            await world.AfterAsync(0.1);
        }
        return await done;
    }
}
