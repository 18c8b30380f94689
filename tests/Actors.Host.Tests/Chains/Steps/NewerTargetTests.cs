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

    // A newer target below the old one does not make a pager that is engaged go lower at once, although the range would allow it. The first
    // step must get its chance: the balloon takes memory that the guest does not use, the pager whatever it finds. So the pager continues to
    // what it was allowed to take, and takes more only when its turn comes.
    [Test]
    public void Whatever_targets_follow_each_other_every_engaged_step_gets_them_and_the_footprint_stays_between_the_old_one_and_the_newer_target(
        [Values("dead", "slow", "fast", "gives up", "needs its memory")] string balloon, [Range(1, 6)] int seed) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, balloon);
        var random = new Random(seed);
        // In a burst, it takes up to 0.3 s until the last target is the only one, and the pager moves 20 MiB/s. A guest that is at its end
        // gets some headroom back, even if a newer target arrives just then.
        var slack = balloon == "needs its memory" ? Kib.FromMiB(60) : Slack + Kib.FromMiB(6);
        var (old, target) = (world.Footprint(domid), world.Footprint(domid));
        for (var round = 0; round < 12; round++)
        {
            (old, target) = (world.Footprint(domid), Kib.FromMiB(random.Next(300, 1024)));
            // A pager that is being released brings everything in before it can get another target.
            var released = await world.StateAsync(domid) is { Outcome: "reached", Actor: "balloon" } && world.Info(domid).PagedPages > Pages.Zero;
            var (low, high) = (Kib.Min(old, target) - slack, Kib.Max(released ? world.Info(domid).Populated : old, target) + slack);
            await world.SetTargetAsync(domid, target);
            // In a burst, the next one follows at once.
            var checks = random.Next(3) == 0 ? random.Next(3) : random.Next(20, 400);
            for (var check = 1; check <= checks; check++)
            {
                await world.AfterAsync(0.1);
                Assert.That(world.Footprint(domid), Is.InRange(low, high), $"{world.Elapsed}: from {old} to {target}");
                if (check == 15 && !released)
                    await EveryStepHasItAsync(world, domid, old, target, balloon);
            }
        }
        await world.SetTargetAsync(domid, Kib.FromMiB(700));
        var state = await world.StateAsync(domid, state => state.Final && state.Target == Kib.FromMiB(700));
        // A driver that hangs does not let its guest grow either.
        Assert.That(state.Outcome, Is.EqualTo(balloon == "gives up" && world.Info(domid).Populated < Kib.FromMiB(699) ? "short" : "reached"), state.Reason);
        Assert.That(world.Info(domid).State, Is.EqualTo(DomainState.Running));
    }, SlowDisk);

    private static async Task EveryStepHasItAsync(TestWorld world, int domid, Kib old, Kib target, string balloon)
    {
        var why = $"{world.Elapsed}: from {old} to {target}";
        // A guest that is known to need more does not get the whole target.
        if (balloon is "dead" or "slow")
            Assert.That((await KeyAsync("memory/target") + Kib.FromMiB(1) - target).Abs(), Is.LessThanOrEqualTo(new Kib(4)), why);
        if ((await world.StateAsync(domid))!.Engaged.Contains("paging"))
            Assert.That(await KeyAsync("memory/target-tot_pages"), Is.InRange(target, Kib.Max(old, target) + Slack + Kib.FromMiB(6)), why);

        async Task<Kib> KeyAsync(string key) =>
            new(long.Parse((await world.DomainZero.TryReadTextAsync($"/local/domain/{domid}/{key}"))!, System.Globalization.CultureInfo.InvariantCulture));
    }

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

    private static async Task<int> CreateAsync(TestWorld world, string balloon)
    {
        var guest = new GuestSpec
        {
            Balloon = balloon switch { "dead" => Dead, "slow" => Slow, "gives up" => new BalloonSpec { StopsAt = Kib.FromMiB(650) }, _ => new BalloonSpec { Driver = BalloonDriverKind.Older } },
            Workload = new WorkloadSpec { Phases = [new WorkloadPhase { WorkingSet = new ConstantShape(Kib.FromMiB(balloon == "needs its memory" ? 500 : 50)) }] },
        };
        var spec = new DomainSpec { Name = "web", Memory = Kib.FromGiB(1), Guest = guest };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromSeconds(1), world.Time);
        return domain.Domid;
    }

    private static void Test(BalloonSpec balloon, Func<TestWorld, int, Task> test) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web", balloon: balloon);
        await test(world, domid);
    }, SlowDisk);
}
