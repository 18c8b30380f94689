using Actors.Sdk;
using Actors.Sim.Machine;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Domains;

/// <summary>When Xen reports that it is low on memory.</summary>
internal sealed class LowMemoryVirqTests
{
    [Test]
    public void It_fires_once_at_64_MiB_again_at_half_of_that_and_is_armed_again_when_there_is_four_times_as_much()
    {
        List<Kib> fired = [];
        var virq = new LowMemoryVirq(MiB(4096).ToPages(), available => fired.Add(available.ToKib()));
        foreach (var mebibytes in new long[] { 100, 65, 64, 60, 33, 32, 20, 63, 64, 40, 33, 128, 60, 64 })
            virq.Check(MiB(mebibytes).ToPages());

        // At 64 it fires. At 32 it fires again, and is armed for 16. At 64, twice its present threshold and more, it is armed for 32 again, and at 128 for 64.
        Assert.That(fired, Is.EqualTo(new[] { MiB(64), MiB(32), MiB(60) }));
    }

    [Test]
    public void A_claim_makes_it_fire_at_the_next_allocation() => World.Run(async world =>
    {
        var (claimer, other) = (await world.BootAsync(Domain("claimer")), await world.BootAsync(Domain("other")));
        other.Inflate(PageClass.Free, new Pages(10));
        claimer.SetMaxMem(MiB(4096));
        claimer.Claims.Claim(claimer.TotPages.ToKib() + world.Host.UnclaimedPages.ToKib() - MiB(50));
        Assert.That(world.Host.LowMemoryReports, Is.Zero);
        other.Deflate(new Pages(10));

        Assert.That(world.Host.LowMemoryReports, Is.EqualTo(1));
        Assert.That(world.Trace[^1], Does.Contain("the hypervisor is low on memory (VIRQ_ENOMEM): 50 MiB are free and not claimed"));
    }, new HostSpec { Memory = Kib.FromGiB(4), XenVersion = new Version(4, 19) });
}
