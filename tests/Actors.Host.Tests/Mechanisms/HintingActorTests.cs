using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>How far the hinting actor gets with what guests volunteer, and what is left when it is released.</summary>
internal sealed class HintingActorTests
{
    [Test]
    public void A_target_is_reached_at_once_with_what_the_guest_volunteered_and_kept() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, "cmma", new CmmaSpec());

        var state = await HintingAsync(world, domid, 500);
        Assert.That((state.Outcome, state.Reason), Is.EqualTo(("reached", "524 MiB that the guest volunteered are discarded")));

        await world.AfterAsync(120);
        Assert.That(world.Footprint(domid), Is.InRange(Kib.FromMiB(490), Kib.FromMiB(501)), "the guest reads its files again, and others are discarded for them");
    });

    [Test]
    public void It_is_short_of_a_target_below_what_the_guest_uses_itself() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, "cmma", new CmmaSpec());
        var state = await HintingAsync(world, domid, 256);
        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Does.StartWith("714 MiB that the guest volunteered are discarded; 54 MiB short: the guest volunteers no more"));
    });

    [Test]
    public void A_release_gives_everything_back() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, "cmma", new CmmaSpec());
        await HintingAsync(world, domid, 500);
        await world.SetAsync(domid, "actor", "external");
        await world.StateAsync(domid, state => state.Outcome == "external");
        await world.AfterAsync(60);
        Assert.That((world.Footprint(domid), world.Machine.Find(domid)!.Memory.Discarded), Is.EqualTo((Kib.FromGiB(1), Pages.Zero)));
    });

    [Test]
    public void A_guest_that_marks_nothing_makes_it_unable() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = await CreateAsync(world, "silent", null);
        var state = await HintingAsync(world, domid, 500);
        Assert.That((state.Outcome, state.Reason), Is.EqualTo(("unable", $"the guest of domain {domid} does not mark its pages unused or volatile")));
    });

    private static async Task<int> CreateAsync(TestWorld world, string name, CmmaSpec? cmma)
    {
        var domain = await world.Toolstack.CreateAsync(new DomainSpec
        {
            Name = name,
            Memory = Kib.FromGiB(1),
            Guest = new GuestSpec
            {
                Hinting = new HintingSpec { Cmma = cmma },
                Workload = new WorkloadSpec
                {
                    Phases = [new() { WorkingSet = new ConstantShape(Kib.FromMiB(200)), FileCache = new ConstantShape(Kib.FromMiB(300)), FileReads = Rate.MiBPerSecond(8) }],
                },
            },
        });
        await world.AfterAsync(15);
        return domain.Domid;
    }

    private static async Task<StateKey> HintingAsync(TestWorld world, int domid, long mebibytes)
    {
        await world.SetAsync(domid, "actor", "hinting");
        return await world.ReachAsync(domid, Kib.FromMiB(mebibytes));
    }
}
