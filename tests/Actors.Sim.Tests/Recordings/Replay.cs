using Actors.Sim.Domains;

namespace Actors.Sim.Tests.Recordings;

/// <summary>Gives simulated domains the orders of a recording, and looks at their footprints.</summary>
internal sealed class Replay(World world, Recording recording, IReadOnlyDictionary<string, SimulatedDomain> domains, string key)
{
    /// <summary>How long the end of a recording is compared after its last order.</summary>
    private const double Rest = 4;

    private const double Step = 0.05;

    /// <summary>Plays all orders, each after its domain's delay, and returns what the footprints were at each step, in KiB.</summary>
    public async Task<IReadOnlyList<(double At, string Domain, double Footprint)>> RunAsync(IReadOnlyDictionary<string, Speed> speeds)
    {
        var begun = world.Clock.Elapsed;
        var orders = recording.Orders
            .Select(order => GiveAsync(order, order.Target is null ? order.At : order.At + speeds[order.Domain].Delay)).ToList();
        var seen = new List<(double, string, double)>();
        while ((world.Clock.Elapsed - begun).TotalSeconds is var now && now < recording.Orders[^1].At + Rest)
        {
            seen.AddRange(domains.Select(domain => (now, domain.Key, (double)domain.Value.Info.Footprint.Value)));
            await world.Clock.After(Step);
        }
        await Task.WhenAll(orders);
        return seen;
    }

    private async Task GiveAsync(Order order, double at)
    {
        await world.Clock.After(at);
        if (order.MaxMem is { } max)
            domains[order.Domain].SetMaxMem(max);
        else
            await world.WriteAsync(domains[order.Domain], key, order.Target!.Value);
    }
}
