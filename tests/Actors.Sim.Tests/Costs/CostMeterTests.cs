using Actors.Sdk;
using Actors.Sim.Costs;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Costs;

internal sealed class CostMeterTests
{
    private static readonly HostSpec Host = new() { Memory = Kib.FromGiB(16) };

    [Test]
    public void An_undisturbed_guest_loses_nothing() =>
        Assert.That(Measure(Domain(workingSet: 300), (world, _) => world.Clock.After(60)), Is.EqualTo(default(LostWork)));

    [Test]
    public void Page_ins_cost_a_disk_read_each()
    {
        long faulted = 0;
        var lost = Measure(Domain(workingSet: 300), async (world, domain) =>
        {
            domain.PageOut(MiB(900).ToPages());
            await world.Clock.After(100);
            faulted = domain.FaultedIn.Value;
        });

        Assert.That(lost.Sum, Is.EqualTo(lost.PageIn).And.GreaterThan(0));
        // The waiting takes time from the work, so less is lost than 100 µs for each.
        Assert.That(lost.PageIn, Is.InRange(faulted * 100e-6 * 0.5, faulted * 100e-6));
    }

    [Test]
    public void A_working_set_that_does_not_fit_is_read_from_swap()
    {
        var spec = Domain(workingSet: 400, swap: 1024, balloon: new BalloonSpec { Driver = BalloonDriverKind.Older });
        var grows = spec with
        {
            Guest = spec.Guest with
            {
                Workload = new WorkloadSpec
                {
                    Phases = [new WorkloadPhase { WorkingSet = new StepShape(MiB(100), MiB(700), TimeSpan.FromSeconds(60)) }],
                },
            },
        };
        var lost = Measure(grows, async (world, domain) =>
        {
            await world.BalloonAsync(domain, MiB(400));
            await world.Clock.After(120);
        });

        Assert.That(lost.Swap, Is.GreaterThan(10));
    }

    [Test]
    public void Writes_to_shared_pages_cost_a_copy_each()
    {
        var spec = Domain(workingSet: 300);
        spec = spec with { Guest = spec.Guest with { Contents = new ContentSpec { Images = [("debian", MiB(300))] } } };
        var lost = Measure(spec, async (world, domain) =>
        {
            var other = await world.BootAsync(spec with { Name = "other" });
            await world.Clock.After(5);
            world.Host.SharedFrames.Share(domain, "g", [other], MiB(200).ToPages());
            await world.Clock.After(100);
        });

        Assert.That(lost.CopyOnWrite, Is.GreaterThan(0));
        Assert.That(lost.Sum, Is.EqualTo(lost.CopyOnWrite));
    }

    [TestCase(1, 1.0)]
    [TestCase(4, 0.25)]
    public void Balloon_work_takes_time_of_one_virtual_cpu(int vcpus, double part)
    {
        var spec = Domain();
        spec = spec with { Guest = spec.Guest with { Vcpus = vcpus } };
        var lost = Measure(spec, async (world, domain) =>
        {
            await world.BalloonAsync(domain, MiB(512));
            await world.Clock.After(60);
        });

        Assert.That(lost.Balloon, Is.EqualTo(512 * 256 * 4e-6 * part).Within(0.35 * part));
    }

    [Test]
    public void A_shattered_working_set_costs_page_walks()
    {
        var spec = Domain(workingSet: 300);
        var lost = Measure(spec, async (world, domain) =>
        {
            await world.Clock.After(1);
            for (var chunk = 0; chunk < domain.Memory.ChunkCount; chunk++)
                domain.Memory.Mappings!.Release(chunk, isEmpty: false);
            domain.Memory.Convert(PageClass.Free, PageClass.Cold, new Pages(1));
            await world.Clock.After(100);
        }, Host with { Superpages = true });

        // 24 instead of 19 references: 5/24 of 155 ns, a million times a second of work.
        var waiting = 1e6 * 155e-9 * 5 / 24;
        Assert.That(lost.Walks, Is.EqualTo(100 * waiting / (1 + waiting)).Within(0.1));
    }

    [Test]
    public void A_dead_guest_loses_everything_and_a_paused_one_is_not_counted() => World.Run(async world =>
    {
        var (dead, paused) = (await world.BootAsync(Domain("dead")), await world.BootAsync(Domain("paused")));
        using var meter = new CostMeter(world.Host, world.Toolstack);
        await world.Toolstack.CrashAsync(dead.Domid);
        await world.Toolstack.PauseAsync(paused.Domid);
        await world.Clock.After(10.5);
        var cost = meter.Finish();

        Assert.That(cost.Domains.Select(domain => (domain.Name, domain.SlowDown)), Is.EquivalentTo(new[] { ("dead", 1.0), ("paused", 0.0) }));
        Assert.That(cost.SlowDown, Is.EqualTo(1));
    }, Host);

    [Test]
    public void The_95th_percentile_is_exceeded_in_one_of_twenty_seconds() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        using var meter = new CostMeter(world.Host, world.Toolstack);
        await world.Clock.After(94);
        var calm = meter.Finish().Domains.Single();
        await world.Toolstack.CrashAsync(domain.Domid);
        await world.Clock.After(6);
        var cost = meter.Finish().Domains.Single();

        Assert.That((calm.P95, cost.P95), Is.EqualTo((0.0, 1.0)));
        Assert.That(cost.SlowDown, Is.EqualTo(0.06).Within(0.01));
    }, Host);

    [Test]
    public void A_world_with_a_meter_runs_like_one_without()
    {
        List<string> Traced(bool metered) => World.Run(async world =>
        {
            var domain = await world.BootAsync(Domain(workingSet: 300));
            using var meter = metered ? new CostMeter(world.Host, world.Toolstack) : null;
            await world.BalloonAsync(domain, MiB(512));
            domain.PageOut(MiB(100).ToPages());
            await world.Clock.After(60);
        }, Host).Trace;

        Assert.That(Traced(true), Is.EqualTo(Traced(false)));
    }

    private static LostWork Measure(DomainSpec spec, Func<World, SimulatedDomain, Task> what, HostSpec? host = null)
    {
        HostCost? cost = null;
        World.Run(async world =>
        {
            var domain = await world.BootAsync(spec);
            using var meter = new CostMeter(world.Host, world.Toolstack);
            await what(world, domain);
            cost = meter.Finish();
        }, host ?? Host);
        return cost!.Domains.Single(domain => domain.Name == spec.Name).Lost;
    }
}
