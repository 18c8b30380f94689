using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>
/// Gives waiting domains their targets again after each check of the monitor. A check costs at most one hypercall, and no request to the store.
/// </summary>
internal sealed class RetryQueue(HostServices services)
{
    public async ValueTask CheckAsync(IReadOnlyCollection<(IWaitingDomain Domain, DomainInfo Info)> domains, CancellationToken cancellation)
    {
        var waiting = new Dictionary<int, IWaitingDomain>();
        var queue = new List<WaitingDomain>();
        foreach (var (domain, info) in domains)
        {
            if (domain.WaitingAt(info) is not { } entry)
                continue;
            waiting[info.Domid] = domain;
            queue.Add(entry);
        }
        var (available, growing) = (Kib.Zero, false);
        if (queue.Any(entry => entry.Waiting.Lacks(LackKinds.HostMemory) && entry.Now.Info.State == DomainState.Running))
        {
            // The hypervisor still reports memory as free that other domains are about to take.
            var taken = domains.Aggregate(Kib.Zero, (sum, entry) => sum + entry.Domain.GrowthFrom(entry.Info.Footprint));
            (available, growing) = ((await services.InspectHostAsync(cancellation)).Available - taken, taken > Kib.Zero);
        }
        foreach (var (domid, retry) in RetryOrder.Choose(queue, available, growing, services.Time.GetUtcNow()))
            waiting[domid].Retry(retry);
    }
}
