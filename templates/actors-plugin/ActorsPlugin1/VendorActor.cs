using Actors.Sdk;

namespace VendorNamespace;

/// <summary>
/// Moves a domain to its target with the host's pager, which pages memory out and in. This is a working example; replace it with your own
/// mechanism.
/// </summary>
[Actor("vendor-actor")]
public sealed class VendorActor : IActor
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var start = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<IPaging>();
        if (!offer.Available)
            return Outcome.Unable(start.Footprint, offer.WhyNot);
        if (start.PagedPages == Pages.Zero && request.IsReachedBy(start.Footprint))
            return Outcome.Reached(start.Footprint, "the domain is already at the target");

        await offer.Mechanism.StartAsync(cancellation);
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, request.Target, cancellation);
        return await WatchAsync(domain, offer.Mechanism, request, start, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (domain.GetMechanism<IPaging>() is { Available: true } offer)
            await offer.Mechanism.StopAsync(cancellation);
        await domain.Store.RemoveAsync(DomainKeys.PagingTarget, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async Task<Outcome> WatchAsync(
        IDomain domain, IPaging pager, TargetRequest request, DomainInfo start, CancellationToken cancellation)
    {
        var (nearest, moved) = ((start.Footprint - request.Target).Abs(), domain.Time.GetTimestamp());
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            var distance = (info.Footprint - request.Target).Abs();
            domain.Report(new Progress(info.Footprint, $"{info.PagedPages.ToKib()} are paged out"));
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, $"from {start.Footprint} to {info.Footprint}, with {info.PagedPages.ToKib()} paged out");
            if (pager.Fault is { } fault)
                return Outcome.Failed(info.Footprint, $"the pager ended unexpectedly, {distance} from the target: {fault}");
            if (distance < nearest)
                (nearest, moved) = (distance, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(moved) >= StuckAfter)
                return Outcome.Short(info.Footprint, $"no progress for {StuckAfter.TotalSeconds:0} s, {distance} from the target");
            await Task.Delay(CheckInterval, domain.Time, cancellation);
        }
    }
}
