using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>All four actors on one host at once.</summary>
internal sealed class AllFourActorTests
{
    private static readonly string[] Four = ["balloon", "paging", "sharing", "tmem"];

    [Test]
    public void Each_of_two_hundred_domains_gets_an_outcome_with_a_reason() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        for (var i = 1; i <= 200; i++)
            await world.Toolstack.CreateAsync(Domain(i));
        await world.AfterAsync(15);
        foreach (var domain in world.Machine.Domains.Skip(1))
        {
            await world.SetAsync(domain.Domid, "actor", Four[domain.Domid % 4]);
            await world.SetTargetAsync(domain.Domid, domain.Info.Footprint - Kib.FromMiB(100));
        }

        var outcomes = new Dictionary<(string Actor, string Outcome), int>();
        foreach (var domain in world.Machine.Domains.Skip(1).ToList())
        {
            var state = await world.StateAsync(domain.Domid, state => state.Final);
            Assert.That(state.Actor, Is.EqualTo(Four[domain.Domid % 4]), $"domain {domain.Domid}");
            Assert.That(state.Reason, Is.Not.Empty);
            outcomes[(state.Actor, state.Outcome)] = outcomes.GetValueOrDefault((state.Actor, state.Outcome)) + 1;
        }

        Assert.That(outcomes, Is.EquivalentTo(new Dictionary<(string, string), int>
        {
            [("balloon", "reached")] = 40,
            [("balloon", "short")] = 10,
            [("paging", "reached")] = 40,
            [("paging", "unable")] = 10,
            [("sharing", "reached")] = 40,
            [("sharing", "short")] = 10,
            [("tmem", "reached")] = 40,
            [("tmem", "unable")] = 10,
        }));
        var memory = await world.Machine.GetHostMemoryAsync();
        Assert.That(Held(world, memory.Free), Is.EqualTo(memory.Total), "no page is lost or created");
    }, new HostSpec { Memory = Kib.FromGiB(256), XenVersion = new Version(4, 12) });

    [Test]
    public void A_domain_that_changes_through_all_actors_ends_as_it_was_before() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var domid = (await world.Toolstack.CreateAsync(Domain(5) with { Kind = DomainKind.Hvm })).Domid;
        await world.Toolstack.CreateAsync(Domain(6));
        await world.AfterAsync(15);
        var before = world.Info(domid);

        foreach (var (index, actor) in Four.Concat(Four.Reverse()).Index())
        {
            await world.SetAsync(domid, "actor", actor);
            var state = await world.ReachAsync(domid, before.Footprint - Kib.FromMiB(50 + index));
            Assert.That(state.Outcome, Is.EqualTo("reached"), $"{actor}: {state.Reason}");
        }
        await world.SetAsync(domid, "actor", "external");
        await world.StateAsync(domid, state => state.Outcome == "external");
        await world.AfterAsync(60);

        Assert.That(world.Info(domid) with { MaxPages = before.MaxPages }, Is.EqualTo(before));
    }, new HostSpec { Memory = Kib.FromGiB(16), XenVersion = new Version(4, 12) });

    /// <summary>One in five domains of each actor has an obstacle.</summary>
    private static DomainSpec Domain(int number) => new()
    {
        Name = $"web-{number}",
        Memory = Kib.FromGiB(1),
        StaticMax = Kib.FromGiB(2),
        PopulateOnDemand = number % 20 < 4,
        SharingGroup = number % 20 < 4 ? $"alone-{number}" : "web",
        Guest = new GuestSpec
        {
            Balloon = new BalloonSpec { Behaviour = number % 20 < 4 ? BalloonBehaviour.Refuses : BalloonBehaviour.Moves },
            Contents = new ContentSpec { Zero = Kib.FromMiB(20), Images = [("debian", Kib.FromMiB(150))] },
            Tmem = number % 20 < 4 ? new TmemSpec() : new TmemSpec { Ephemeral = Kib.FromMiB(150), Persistent = Kib.FromMiB(20) },
            Workload = new WorkloadSpec
            {
                Phases = [new() { FileCache = new ConstantShape(Kib.FromMiB(200)), WorkingSet = new ConstantShape(Kib.FromMiB(100)) }],
            },
        },
    };

    private static Kib Held(TestWorld world, Kib free)
    {
        var domains = world.Machine.Domains.Aggregate(Kib.Zero, (sum, domain) => sum + domain.Info.Footprint);
        return domains + world.Machine.SharedFrames.Frames.ToKib() + free;
    }
}
