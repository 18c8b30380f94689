using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>
/// Gives waiting domains their targets again after each check of the monitor. A check costs at most one hypercall, and no request to the store
/// unless a domain has begun to wait for its driver.
/// </summary>
internal sealed class RetryQueue(IHypervisor hypervisor, DriverWatch drivers, TimeProvider time)
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
        await drivers.FollowAsync([.. domains.Where(entry => entry.Domain.WaitsForDriver).Select(entry => entry.Info.Domid)], cancellation);
        var available = Kib.Zero;
        if (queue.Any(entry => entry.Waiting.Lacks(LackKinds.HostMemory) && entry.Now.Info.State == DomainState.Running))
        {
            // The memory that other domains are about to take still looks free.
            var taken = domains.Aggregate(Kib.Zero, (sum, entry) => sum + entry.Domain.GrowthFrom(entry.Info.Footprint));
            available = (await hypervisor.GetHostMemoryAsync(cancellation)).Available - taken;
        }
        foreach (var (domid, retry) in RetryOrder.Choose(queue, available, time.GetUtcNow()))
            waiting[domid].Retry(retry);
    }
}
