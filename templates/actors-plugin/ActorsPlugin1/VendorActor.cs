using Actors.Sdk;

namespace VendorNamespace;

/// <summary>
/// Moves a domain to its target with the host's pager, as far as the plugin's budget allows. This is a working example; replace it with your own
/// mechanism.
/// </summary>
[Actor("vendor-actor")]
public sealed class VendorActor : IActor, IPluginPart, IDomainObserver
{
    /// <summary>A guest that must not be paged now writes <c>1</c> here.</summary>
    public const string BusyKey = "data/vendor-actor/busy";

    private volatile Settings _settings = new();
    private IPluginCounter? _reached;
    private IPluginGauge? _domains;
    private int _count;

    /// <summary>Takes what the host offers to the plugin: its settings, its metrics, and a mechanism of its own for each domain.</summary>
    public void Attach(IPluginContext plugin)
    {
        plugin.Configure<Settings>(settings => _settings = settings);
        _reached = plugin.Metrics.CreateCounter("vendor_actor.reached", "{target}", "Targets that were reached.");
        _domains = plugin.Metrics.CreateGauge("vendor_actor.domains", "{domain}", "Domains of the host.");
        plugin.OfferMechanism<IBudget>(new Budget(() => _settings.Budget).Of);
    }

    public Task DomainAppearedAsync(DomainIdentity domain, CancellationToken cancellation)
    {
        _domains?.Set(++_count);
        return Task.CompletedTask;
    }

    public Task DomainDisappearedAsync(DomainIdentity domain, CancellationToken cancellation)
    {
        _domains?.Set(--_count);
        return Task.CompletedTask;
    }

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var start = await domain.InspectAsync(cancellation);
        var pager = domain.GetMechanism<IPaging>();
        if (!pager.Available)
            return Outcome.Unable(start.Footprint, pager.WhyNot);
        if (start.PagedPages == Pages.Zero && request.IsReachedBy(start.Footprint))
            return Outcome.Reached(start.Footprint, "the domain is already at the target");
        if (domain.GetMechanism<IBudget>() is { Available: true } budget && !budget.Mechanism.TryHold(start.Footprint + start.PagedPages.ToKib() - request.Target))
            return Outcome.Short(start.Footprint, $"the plugin's budget of {_settings.Budget} is used up; raise 'budget' in its settings");
        if (!await IsIdleAsync(domain, cancellation))
            return Outcome.Short(start.Footprint, $"the guest was busy for {_settings.StuckAfter.TotalSeconds:0} s");

        await pager.Mechanism.StartAsync(cancellation);
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, request.Target, cancellation);
        return await MoveAsync(domain, pager.Mechanism, request, start, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (domain.GetMechanism<IPaging>() is { Available: true } pager)
            await pager.Mechanism.StopAsync(cancellation);
        if (domain.GetMechanism<IBudget>() is { Available: true } budget)
            budget.Mechanism.TryHold(Kib.Zero);
        await domain.Store.RemoveAsync(DomainKeys.PagingTarget, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    // Follows the guest's key instead of reading it again and again.
    private async Task<bool> IsIdleAsync(IDomain domain, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_settings.StuckAfter, domain.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await foreach (var busy in domain.Store.WatchAsync(BusyKey, either.Token))
            {
                if (busy != "1")
                    return true;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The limit.
        }
        return false;
    }

    private async Task<Outcome> MoveAsync(IDomain domain, IPaging pager, TargetRequest request, DomainInfo start, CancellationToken cancellation)
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
            if (domain.Time.GetElapsedTime(moved) >= _settings.StuckAfter)
                return Outcome.Short(info.Footprint, $"no progress for {_settings.StuckAfter.TotalSeconds:0} s, {distance} from the target");
            await Task.Delay(_settings.CheckInterval, domain.Time, cancellation);
        }
    }
}
