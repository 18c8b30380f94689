using System.Diagnostics;
using Actors.Sdk;

namespace Actors.BadPlugin;

/// <summary>Takes the pager's key for a number of pages because of its name. It is in KiB.</summary>
[Actor("writes-pages")]
internal sealed class WritesPages : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        base.ReachAsync(domain, request with { Target = new Kib(request.Target.ToPages().Value) }, cancellation);
}

/// <summary>Releases a domain by giving it all memory that it was built for, instead of restoring the target that it found.</summary>
[Actor("restores-static-max")]
internal sealed class RestoresStaticMax : SimpleBalloon
{
    protected override string Name => "restores-static-max";

    public override async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await domain.Store.ReadAsync($"memory-policy/{Name}/found", cancellation) is null)
            return;
        if (await domain.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation) is { } most)
        {
            if (domain.GetMechanism<IMaxMem>() is { Available: true } offer)
                await offer.Mechanism.SetMaxMemAsync(most, cancellation);
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, most, cancellation);
        }
        await domain.Store.RemoveAsync($"memory-policy/{Name}", cancellation);
    }
}

/// <summary>Gives up after 30 s of real time, although the simulator's time passes much faster.</summary>
[Actor("uses-a-stopwatch")]
internal sealed class UsesAStopwatch : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, request.Target, cancellation);
        while (watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            var info = await domain.InspectAsync(cancellation);
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, "the guest is at the target");
            await Task.Delay(TimeSpan.FromMilliseconds(250), domain.Time, cancellation);
        }
        return Outcome.Short((await domain.InspectAsync(cancellation)).Footprint, "the guest does not move");
    }
}

/// <summary>Cleans up in a finally block, also when it is cancelled. What it has started should stay until the release.</summary>
[Actor("undoes-on-cancel")]
internal sealed class UndoesOnCancel : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        try
        {
            return await base.ReachAsync(domain, request, cancellation);
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync(domain, default);
            throw;
        }
    }
}

/// <summary>Turns every exception into an outcome with a stack trace as its reason.</summary>
[Actor("reports-a-stack-trace")]
internal sealed class ReportsAStackTrace : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        try
        {
            return await base.ReachAsync(domain, request, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Outcome.Failed(Kib.Zero, error.ToString());
        }
    }
}

/// <summary>Uses a mechanism without checking that it is available.</summary>
[Actor("assumes-its-mechanism")]
internal sealed class AssumesItsMechanism : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.GetMechanism<IPaging>().Mechanism!.StartAsync(cancellation);
        return await base.ReachAsync(domain, request, cancellation);
    }
}
