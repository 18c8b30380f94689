using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>What a plain and a gentle pager do to a guest of 4 GiB that uses 3 GiB, with a target of 2 GiB.</summary>
internal sealed class GentlePagingTests
{
    private static readonly Kib Target = Kib.FromGiB(2);

    [Test]
    public void A_plain_pager_makes_the_guest_thrash() => Play("balloon-then-paging", async (world, domid, state) =>
    {
        Assert.That(state.Outcome, Is.EqualTo("reached").Or.EqualTo("short"));
        Assert.That(await PageInsPerMinuteAsync(world, domid), Is.GreaterThan(60_000));
    });

    [Test]
    public void A_gentle_pager_stops_at_what_the_guest_uses_and_says_so() => Play("balloon-then-gentle-paging", async (world, domid, state) =>
    {
        Assert.That(state, Has.Property(nameof(StateKey.Outcome)).EqualTo("short").And.Property(nameof(StateKey.Actor)).EqualTo("paging"));
        Assert.That(state.Reason, Does.Contain("it needs that memory, so the pager stays at"));
        Assert.That(state.Footprint, Is.InRange(Kib.FromGiB(3), Kib.FromMiB(3500)), state.Reason);
        Assert.That(await PageInsPerMinuteAsync(world, domid), Is.LessThan(Kib.FromMiB(3500).ToPages().Value * 0.002));
    });

    [Test]
    public void An_argument_that_paging_does_not_know_is_rejected_with_the_one_that_it_knows() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "paging:softly");

        var state = await world.ReachAsync(domid, Kib.FromMiB(512));

        Assert.That(state.Outcome, Is.EqualTo("unable"));
        Assert.That(state.Reason, Is.EqualTo("paging does not know the argument 'softly'; the only one that it knows is 'gentle' (paging:gentle)"));
        Assert.That(world.Footprint(domid), Is.EqualTo(Kib.FromGiB(1)));
    });

    [Test]
    public void A_newer_target_reaches_a_gentle_pager_gently() => Play("balloon-then-gentle-paging", async (world, domid, state) =>
    {
        var lower = await world.ReachAsync(domid, Kib.FromMiB(1900), limit: TimeSpan.FromHours(4));
        Assert.That(lower.Outcome, Is.EqualTo("short"), lower.Reason);
        Assert.That(lower.Footprint, Is.GreaterThan(Kib.FromGiB(3)), "the pager that is engaged already did not page without regard");

        var higher = await world.ReachAsync(domid, Kib.FromMiB(3900));
        Assert.That(higher.Outcome, Is.EqualTo("reached"), higher.Reason);
    });

    [Test]
    public void A_gentle_pager_that_dies_is_reported() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, workingSet: 512);
        await world.SetAsync(domid, "actor", "paging:gentle");
        await world.SetTargetAsync(domid, Target);
        await world.AfterAsync(120);

        await world.Toolstack.KillPagerAsync(domid);
        var state = await world.StateAsync(domid, state => state.Final);

        Assert.That(state.Outcome, Is.EqualTo("failed"));
        Assert.That(state.Reason, Does.Contain("are lost").And.Contain("restart the guest"));
    });

    private static void Play(string policy, Func<TestWorld, int, StateKey, Task> check) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, workingSet: 3072);
        await world.SetAsync(domid, "actor", $"xl:{policy}");

        var begun = world.Elapsed;
        var state = await world.ReachAsync(domid, Target, limit: TimeSpan.FromHours(4));
        await TestContext.Out.WriteLineAsync($"{policy}: {state} after {(world.Elapsed - begun).TotalMinutes:0.0} min, {await PageInsPerMinuteAsync(world, domid)} page-ins per minute");
        await check(world, domid, state);
    }, limit: TimeSpan.FromHours(12));

    private static async Task<int> CreateAsync(TestWorld world, int workingSet)
    {
        var spec = new DomainSpec
        {
            Name = "busy",
            Memory = Kib.FromGiB(4),
            Guest = new GuestSpec
            {
                Balloon = new BalloonSpec { Behaviour = BalloonBehaviour.Refuses },
                Workload = new WorkloadSpec { Phases = [new WorkloadPhase { WorkingSet = new ConstantShape(Kib.FromMiB(workingSet)), TouchRate = Rate.MiBPerSecond(256) }] },
            },
        };
        var domain = await world.Toolstack.CreateAsync(spec);
        await Task.Delay(spec.BootTime + TimeSpan.FromMilliseconds(1), world.Time);
        return domain.Domid;
    }

    private static async Task<long> PageInsPerMinuteAsync(TestWorld world, int domid)
    {
        await world.AfterAsync(60);
        var before = FaultedIn(world, domid);
        await world.AfterAsync(60);
        return FaultedIn(world, domid) - before;
    }

    private static long FaultedIn(TestWorld world, int domid) => world.Services.Hypervisor.GetMechanism<IPaging>(domid).Mechanism!.FaultedIn!.Value.Value;
}
