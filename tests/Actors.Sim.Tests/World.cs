using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Specs;
using Actors.Sim.Toolstacks;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Tests;

/// <summary>A small simulated host with its own store and clock, and the actions that tests need.</summary>
internal sealed class World
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(30);

    private World(HostSpec host)
    {
        Host = new SimulatedHost(Clock, Store.Connect, host, Trace.Add, Store.AnnounceShutdown);
        Toolstack = new Toolstack(Host);
        Dom0 = Store.Connect(0);
    }

    public SimulationClock Clock { get; } = new();

    public EmbeddedXenStore Store { get; } = new();

    public IXenStore Dom0 { get; }

    public SimulatedHost Host { get; }

    public Toolstack Toolstack { get; }

    public List<string> Trace { get; } = [];

    /// <summary>Runs a test to its end on virtual time.</summary>
    public static World Run(Func<World, Task> test, HostSpec? host = null)
    {
        var world = new World(host ?? new HostSpec());
        world.Clock.Run(() => test(world), Limit);
        return world;
    }

    /// <summary>A domain that has booted.</summary>
    public async Task<SimulatedDomain> BootAsync(DomainSpec spec)
    {
        var domain = await Toolstack.CreateAsync(spec);
        await Clock.After(spec.BootTime);
        Assert.That(domain.State, Is.EqualTo(DomainState.Running));
        return domain;
    }

    /// <summary>Sets the target of the balloon to a footprint, and max_mem before it, as a balloon actor does.</summary>
    public async Task BalloonAsync(SimulatedDomain domain, Kib footprint)
    {
        domain.SetMaxMem(Kib.Max(domain.MaxPages.ToKib(), footprint + DomainSpec.MaxMemSlack));
        await WriteAsync(domain, DomainKeys.BalloonTarget, footprint - domain.Spec.Offset);
    }

    public Task WriteAsync(SimulatedDomain domain, string key, Kib amount) =>
        Toolstack.WriteAsync(domain.Domid, key, $"{amount.Value}");

    public IPaging PagingOf(SimulatedDomain domain) => Host.GetMechanism<IPaging>(domain.Domid).Mechanism!;
}

internal static class Waiting
{
    public static Task After(this SimulationClock clock, TimeSpan time) => Task.Delay(time, clock);

    public static Task After(this SimulationClock clock, double seconds) => clock.After(TimeSpan.FromSeconds(seconds));
}
