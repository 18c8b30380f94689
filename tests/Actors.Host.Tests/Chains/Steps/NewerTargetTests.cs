using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Chains.Steps;

/// <summary>What happens to actors that are still engaged when a newer target arrives.</summary>
internal sealed class NewerTargetTests
{
    private static readonly HostSpec SlowDisk = new() { Memory = Kib.FromGiB(8), PagingRate = Rate.MiBPerSecond(20) };
    private static readonly BalloonSpec Dead = new() { Behaviour = BalloonBehaviour.Refuses };
    private static readonly BalloonSpec Slow = new() { Rate = Rate.MiBPerSecond(2) };

    // One page of a pager, and the targets that were in flight when the newer one was written.
    private static readonly Kib Slack = Kib.FromMiB(2);

    [Test]
    public void A_pager_stops_at_a_newer_target_above_the_old_one([Values] bool dead) => Test(dead ? Dead : Slow, async (world, domid) =>
    {
        await world.SetTargetAsync(domid, Kib.FromMiB(512));
        await PagedAsync(world, domid, Kib.FromMiB(20));
        Assert.That(world.Footprint(domid), Is.GreaterThan(Kib.FromMiB(920)), "the pager is still above the newer target");

        await KeepsRangeAsync(world, domid, Kib.FromMiB(900));
    });

    [Test]
    public void A_pager_pages_in_at_once_when_the_newer_target_is_above_the_footprint([Values] bool dead) => Test(dead ? Dead : Slow, async (world, domid) =>
    {
        await world.SetTargetAsync(domid, Kib.FromMiB(512));
        await PagedAsync(world, domid, Kib.FromMiB(300));
        Assert.That(world.Footprint(domid), Is.LessThan(Kib.FromMiB(880)));
        var began = world.Elapsed;

        await KeepsRangeAsync(world, domid, Kib.FromMiB(900));

        Assert.That(world.Elapsed - began, Is.LessThan(TimeSpan.FromSeconds(40)), "the pager does not wait for the balloon's time limit");
    });

    [Test]
    public void A_pager_takes_no_more_before_its_turn([Values] bool dead) => Test(dead ? Dead : Slow, async (world, domid) =>
    {
        await world.SetTargetAsync(domid, Kib.FromMiB(512));
        await PagedAsync(world, domid, Kib.FromMiB(60));
        await world.SetTargetAsync(domid, Kib.FromMiB(448));
        await world.AfterAsync(1);

        Assert.That(await world.DomainZero.TryReadTextAsync($"/local/domain/{domid}/memory/target-tot_pages"), Is.EqualTo($"{Kib.FromMiB(512).Value}"));
        Assert.That((await world.StateAsync(domid, state => state.Final && state.Target == Kib.FromMiB(448))).Outcome, Is.EqualTo("reached"));
    });

    // Sets the newer target and checks the footprint until the outcome is there, and for a while afterwards.
    private static async Task KeepsRangeAsync(TestWorld world, int domid, Kib target)
    {
        var old = world.Footprint(domid);
        var (low, high) = (Kib.Min(old, target) - Slack, Kib.Max(old, target) + Slack);
        var serial = (await world.StateAsync(domid))!.Serial;
        await world.SetTargetAsync(domid, target);
        var ended = false;
        for (var rest = 100; rest > 0; rest -= ended ? 1 : 0)
        {
            await world.AfterAsync(0.1);
            Assert.That(world.Footprint(domid), Is.InRange(low, high), $"{world.Elapsed}: from {old} to {target}");
            ended |= await world.StateAsync(domid) is { Final: true } state && state.Serial > serial && state.Target == target;
        }
        Assert.That((await world.StateAsync(domid))!.Outcome, Is.EqualTo("reached"));
    }

    private static async Task PagedAsync(TestWorld world, int domid, Kib amount)
    {
        for (var tries = 0; world.Info(domid).PagedPages.ToKib() < amount; tries++)
        {
            Assert.That(tries, Is.LessThan(3000), "the pager never began");
            await world.AfterAsync(0.1);
        }
    }

    private static void Test(BalloonSpec balloon, Func<TestWorld, int, Task> test) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web", balloon: balloon);
        await test(world, domid);
    }, SlowDisk);
}
