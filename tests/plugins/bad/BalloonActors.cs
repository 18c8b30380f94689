using Actors.Sdk;

namespace Actors.BadPlugin;

/// <summary>A minimal balloon actor that handles max_mem correctly. The actors below each get one thing wrong.</summary>
[Actor("simple-balloon")]
internal class SimpleBalloon : IActor
{
    private static readonly Kib Slack = Kib.FromMiB(1);

    private static string Note(string name) => $"memory-policy/{name}/found";

    public virtual async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var start = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<IMaxMem>();
        if (!offer.Available)
            return Outcome.Unable(start.Footprint, offer.WhyNot);
        if (await domain.Store.ReadAsync(Note(Name), cancellation) is null)
            await domain.Store.WriteAsync(Note(Name), await domain.Store.ReadAsync(DomainKeys.BalloonTarget, cancellation) ?? "", cancellation);
        var maxMem = request.Target + Slack;
        await BeforeTargetAsync(offer.Mechanism, start, maxMem, cancellation);
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, request.Target, cancellation);
        await AfterTargetAsync(offer.Mechanism, start, maxMem, cancellation);
        return await WatchAsync(domain, offer.Mechanism, request, maxMem, cancellation);
    }

    public virtual async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await domain.Store.ReadAsync(Note(Name), cancellation) is not { } found)
            return;
        if (await domain.Store.ReadKibAsync(Note(Name), cancellation) is { } target)
        {
            if (domain.GetMechanism<IMaxMem>() is { Available: true } offer)
                await offer.Mechanism.SetMaxMemAsync(target + Slack, cancellation);
            await domain.Store.WriteAsync(DomainKeys.BalloonTarget, found, cancellation);
        }
        await domain.Store.RemoveAsync($"memory-policy/{Name}", cancellation);
    }

    public ValueTask DisposeAsync() => default;

    protected virtual string Name => "simple-balloon";

    protected virtual async Task BeforeTargetAsync(IMaxMem mechanism, DomainInfo start, Kib maxMem, CancellationToken cancellation)
    {
        if (maxMem > start.MaxMem)
            await mechanism.SetMaxMemAsync(maxMem, cancellation);
    }

    protected virtual Task AfterTargetAsync(IMaxMem mechanism, DomainInfo start, Kib maxMem, CancellationToken cancellation) => Task.CompletedTask;

    protected virtual async Task AtTargetAsync(IMaxMem mechanism, Kib maxMem, CancellationToken cancellation) =>
        await mechanism.SetMaxMemAsync(maxMem, cancellation);

    private async Task<Outcome> WatchAsync(IDomain domain, IMaxMem mechanism, TargetRequest request, Kib maxMem, CancellationToken cancellation)
    {
        var (nearest, moved) = (Kib.FromGiB(1024), domain.Time.GetTimestamp());
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            if (request.IsReachedBy(info.Footprint))
            {
                await AtTargetAsync(mechanism, maxMem, cancellation);
                return Outcome.Reached(info.Footprint, "the guest is at the target");
            }
            var distance = (info.Footprint - request.Target).Abs();
            if (distance < nearest)
                (nearest, moved) = (distance, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(moved) > TimeSpan.FromSeconds(5))
                return Outcome.Short(info.Footprint, "the guest does not move");
            await Task.Delay(TimeSpan.FromMilliseconds(250), domain.Time, cancellation);
        }
    }
}

[Actor("raises-too-late")]
internal sealed class RaisesTooLate : SimpleBalloon
{
    protected override string Name => "raises-too-late";

    protected override Task BeforeTargetAsync(IMaxMem mechanism, DomainInfo start, Kib maxMem, CancellationToken cancellation) => Task.CompletedTask;

    protected override Task AfterTargetAsync(IMaxMem mechanism, DomainInfo start, Kib maxMem, CancellationToken cancellation) =>
        base.BeforeTargetAsync(mechanism, start, maxMem, cancellation);
}

[Actor("never-lowers")]
internal sealed class NeverLowers : SimpleBalloon
{
    protected override string Name => "never-lowers";

    protected override Task AtTargetAsync(IMaxMem mechanism, Kib maxMem, CancellationToken cancellation) => Task.CompletedTask;
}

[Actor("lowers-too-early")]
internal sealed class LowersTooEarly : SimpleBalloon
{
    protected override string Name => "lowers-too-early";

    protected override async Task BeforeTargetAsync(IMaxMem mechanism, DomainInfo start, Kib maxMem, CancellationToken cancellation) =>
        await mechanism.SetMaxMemAsync(maxMem, cancellation);
}
