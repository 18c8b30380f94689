using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Recordings;

/// <summary>
/// A simulated domain moves as one on a real Xen did (Debian's Xen 4.17 and Linux 6.1, in QEMU). Only the speed is taken from the recording:
/// a rate for each direction, and the delay between an order and the beginning of the movement.
/// </summary>
internal sealed class RecordingTests
{
    [TestCase("pv", DomainKind.Pv, 256, 0)]
    [TestCase("pvh", DomainKind.Pvh, 256, 0)]
    [TestCase("hog", DomainKind.Pvh, 256, 100)]
    [TestCase("gives-up", DomainKind.Pv, 256, 0)]
    [TestCase("ten", DomainKind.Pv, 192, 0)]
    public void A_balloon_follows_its_targets_as_on_a_real_Xen(string name, DomainKind kind, long mebibytes, long used)
    {
        var recording = Recording.Read(name);
        var speeds = Speeds(recording);
        World.Run(async world =>
        {
            var domains = new Dictionary<string, SimulatedDomain>();
            foreach (var (domain, speed) in speeds)
                domains[domain] = await world.BootAsync(
                    Domain(domain, kind, mebibytes, new BalloonSpec { Rate = speed.Out, DeflateRate = speed.In }, coldSet: used));
            await world.Clock.After(10);
            Compare(recording, await new Replay(world, recording, domains, DomainKeys.BalloonTarget).RunAsync(speeds));
        });
    }

    [Test]
    public void A_pager_follows_its_targets_as_on_a_real_Xen()
    {
        var recording = Recording.Read("pager");
        var speeds = Speeds(recording);
        var speed = speeds["g"];
        World.Run(async world =>
        {
            var domain = await world.BootAsync(Domain("g", mebibytes: 256, balloon: new BalloonSpec { Behaviour = BalloonBehaviour.None }));
            await world.PagingOf(domain).StartAsync();
            var domains = new Dictionary<string, SimulatedDomain> { ["g"] = domain };
            Compare(recording, await new Replay(world, recording, domains, DomainKeys.PagingTarget).RunAsync(speeds));
        }, new HostSpec { PagingRate = speed.Out, PageInRate = speed.In });
    }

    private static Dictionary<string, Speed> Speeds(Recording recording) =>
        recording.Samples.Keys.ToDictionary(domain => domain, domain => Speed.Of(recording, domain));

    /// <summary>At every moment within 10 % of the real footprint, and within 5 % on average between two orders.</summary>
    private static void Compare(Recording recording, IReadOnlyList<(double At, string Domain, double Footprint)> simulated)
    {
        var all = simulated.Select(seen => (seen.Domain, seen.At, Off: recording.Off(seen.Domain, seen.At, seen.Footprint))).ToList();
        Assert.That(all.Where(seen => seen.Off > 0.1), Is.Empty);
        var averages = all
            .GroupBy(seen => (seen.Domain, recording.Orders.Count(order => order.Domain == seen.Domain && order.At <= seen.At)))
            .Select(order => (order.Key, Off: order.Average(seen => seen.Off)));
        Assert.That(averages.Where(order => order.Off > 0.05), Is.Empty);
    }
}
