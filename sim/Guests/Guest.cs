using Actors.XenStore;

namespace Actors.Sim;

/// <summary>A guest that has booted: its kernel, its workload, and its balloon driver where it has one.</summary>
internal sealed class Guest : IDisposable
{
    private readonly Workload _workload;
    private readonly Touches _touches;
    private readonly BalloonDriver? _balloon;

    public Guest(SimulatedDomain domain, IXenStore store, SimulationClock clock, WorldTrace trace, Seed seed)
    {
        Random Noise(string user) => seed.For($"{user} of {domain.Spec.Name}");
        var guest = new ReclaimOrder(domain);
        domain.Memory.Convert(PageClass.Free, PageClass.Kernel, domain.Spec.Guest.KernelNeed(domain.Spec.Memory).ToPages());
        _workload = new Workload(domain, guest, clock, Noise("workload"));
        _touches = new Touches(domain, _workload, clock, Noise("touches"));
        if (domain.Spec.Guest.Balloon.Mood == BalloonMood.None)
            return;
        _balloon = new BalloonDriver(domain, guest, clock, trace, Noise("balloon"));
        clock.Spawn(cancellation => _balloon.WatchAsync(store, cancellation), domain.Gone);
    }

    public void Dispose()
    {
        _balloon?.Dispose();
        _touches.Dispose();
        _workload.Dispose();
    }
}
