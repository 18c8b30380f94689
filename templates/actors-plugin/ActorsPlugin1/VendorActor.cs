using Actors.Sdk;

namespace VendorNamespace;

/// <summary>
/// Moves a domain to its target with the host's pager, which pages memory out and in. This is a working example; replace it with your own
/// mechanism.
/// </summary>
[Actor("vendor-actor")]
public sealed class VendorActor : IActor, IPluginPart
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    private Settings _settings = new();
    private IPluginCounter? _reached;

    public void Attach(IPluginContext plugin)
    {
        plugin.Configure<Settings>(settings => _settings = settings);
        _reached = plugin.Metrics.CreateCounter("vendor_actor.reached", "{target}", "Targets that were reached.");
    }

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

    private async Task<Outcome> WatchAsync(
        IDomain domain, IPaging pager, TargetRequest request, DomainInfo start, CancellationToken cancellation)
    {
        var (nearest, moved) = ((start.Footprint - request.Target).Abs(), domain.Time.GetTimestamp());
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            var distance = (info.Footprint - request.Target).Abs();
            domain.Report(new Progress(info.Footprint, $"{info.PagedPages.ToKib()} are paged out"));
            if (request.IsReachedBy(info.Footprint))
            {
                _reached?.Add();
                return Outcome.Reached(info.Footprint, $"from {start.Footprint} to {info.Footprint}, with {info.PagedPages.ToKib()} paged out");
            }
            if (pager.Fault is { } fault)
                return Outcome.Failed(info.Footprint, $"the pager ended unexpectedly, {distance} from the target: {fault}");
            if (distance < nearest)
                (nearest, moved) = (distance, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(moved) >= StuckAfter)
                return Outcome.Short(info.Footprint, $"no progress for {StuckAfter.TotalSeconds:0} s, {distance} from the target");
            await Task.Delay(_settings.CheckInterval, domain.Time, cancellation);
        }
    }

    /// <summary>The settings of this plugin: each property is a key below <c>settings</c> in <c>plugin.yaml</c>.</summary>
    public sealed record Settings
    {
        /// <summary>How often the footprint is read: <c>check_interval: 250ms</c>.</summary>
        public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(250);
    }
}
