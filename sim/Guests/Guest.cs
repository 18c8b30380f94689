using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>A guest that has booted: its kernel, its workload, and its balloon driver where it has one.</summary>
internal sealed class Guest : IDisposable
{
    private readonly Workload _workload;
    private readonly Touches _touches;
    private readonly TmemGuest? _tmem;
    private readonly BalloonDriver? _balloon;

    /// <param name="domain">What it runs in.</param>
    /// <param name="store">Its own connection.</param>
    /// <param name="clock">All time.</param>
    /// <param name="trace">Told what it does.</param>
    /// <param name="seed">Of its noise.</param>
    /// <param name="booted">When it began, which may have been on an earlier machine.</param>
    public Guest(SimulatedDomain domain, IXenStore store, SimulationClock clock, WorldTrace trace, Seed seed, TimeSpan booted)
    {
        Booted = booted;
        Random Noise(string user) => seed.For($"{user} of {domain.Spec.Name}");
        var guest = new ReclaimOrder(domain);
        domain.Memory.Convert(PageClass.Free, PageClass.Kernel, domain.Spec.Guest.KernelNeed(domain.Spec.Memory).ToPages());
        _workload = new Workload(domain, guest, clock, Noise("workload"), booted);
        _touches = new Touches(domain, _workload, clock, Noise("touches"));
        if (domain.Tmem.Used)
            _tmem = new TmemGuest(domain, clock, Noise("tmem"));
        if (domain.Spec.Guest.Balloon.Mood == BalloonBehaviour.None)
            return;
        _balloon = new BalloonDriver(domain, guest, clock, trace, Noise("balloon"));
        clock.Spawn(cancellation => _balloon.WatchAsync(store, cancellation), domain.Gone);
    }

    /// <summary>When it began, by the clock.</summary>
    public TimeSpan Booted { get; }

    public void Dispose()
    {
        _balloon?.Dispose();
        _tmem?.Dispose();
        _touches.Dispose();
        _workload.Dispose();
    }
}
