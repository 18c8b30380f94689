using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Toolstacks;

/// <summary>Gives each guest its share of the memory at each interval; see <see cref="MonitorSpec"/>.</summary>
internal sealed class SharesMonitor(SimulatedHost host, MonitorSpec spec)
{
    /// <summary>The share of a guest: a part of the memory in proportion to its size, and no more than its size. Pure.</summary>
    public static Kib Share(Kib memory, Kib ofAll, Kib usable) =>
        ofAll <= usable ? memory : new Kib((long)((double)memory.Value * Math.Max(0, usable.Value) / ofAll.Value));

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(spec.Every, host.Clock, cancellation);
            var guests = host.Domains.Where(domain => domain.Domid != 0 && domain.State == DomainState.Running).ToList();
            var all = guests.Aggregate(Kib.Zero, (sum, guest) => sum + guest.Spec.Memory);
            foreach (var guest in guests)
                await SetAsync(guest, Share(guest.Spec.Memory, all, host.Spec.Memory - host.Spec.Dom0Memory - spec.KeepFree), cancellation);
        }
    }

    private async Task SetAsync(SimulatedDomain guest, Kib share, CancellationToken cancellation)
    {
        var (path, target) = ($"{guest.Home}/{DomainKeys.BalloonTarget}", $"{(share - guest.Spec.Offset).ToPages().ToKib().Value}");
        if (guest.Gone.IsCancellationRequested || await host.DomainZero.TryReadTextAsync(path, cancellation) == target)
            return;
        host.Trace.Write(guest, $"is given {share} to hold");
        await host.DomainZero.WriteTextAsync(path, target, cancellation);
    }
}
