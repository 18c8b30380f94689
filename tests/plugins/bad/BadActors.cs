using Actors.Sdk;

namespace Actors.BadPlugin;

/// <summary>Each of these actors gets one thing wrong. Otherwise they behave like the actor of the template.</summary>
internal class BadActor : IActor
{
    private readonly VendorNamespace.VendorActor _good = new();

    public virtual Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        _good.ReachAsync(domain, request, cancellation);

    public virtual Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => _good.ReleaseAsync(domain, cancellation);

    public virtual ValueTask DisposeAsync() => _good.DisposeAsync();
}

[Actor("liar")]
internal sealed class Liar : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        Task.FromResult(Outcome.Reached(request.Target, "of course"));
}

[Actor("silent")]
internal sealed class Silent : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        await base.ReachAsync(domain, request, cancellation) with { Reason = "" };
}

[Actor("deaf")]
internal sealed class Deaf : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        base.ReachAsync(domain, request, default);
}

[Actor("swallows")]
internal sealed class Swallows : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        try
        {
            return await base.ReachAsync(domain, request, cancellation);
        }
        catch (OperationCanceledException)
        {
            return Outcome.Failed((await domain.InspectAsync(default)).Footprint, "it was cancelled");
        }
    }
}

[Actor("patient")]
internal sealed class Patient : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, request.Target, cancellation);
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, "the guest did it");
            await Task.Delay(TimeSpan.FromSeconds(1), domain.Time, cancellation);
        }
    }
}

[Actor("keeps")]
internal sealed class Keeps : BadActor
{
    public override Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;
}

[Actor("meddler")]
internal sealed class Meddler : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync("memory-policy/floor", "0", cancellation);
        return await base.ReachAsync(domain, request, cancellation);
    }

    public override async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        await domain.Store.RemoveAsync("memory-policy/floor", cancellation);
        await base.ReleaseAsync(domain, cancellation);
    }
}

[Actor("writes-target")]
internal sealed class WritesTarget : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteKibAsync("memory-policy/target", request.Target, cancellation);
        return await base.ReachAsync(domain, request, cancellation);
    }
}

[Actor("hops")]
internal sealed class Hops : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        Task.Run(() => base.ReachAsync(domain, request, cancellation), cancellation);
}

[Actor("real-time")]
internal sealed class RealTime : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellation);
        return await base.ReachAsync(domain, request, cancellation);
    }
}

[Actor("spins")]
internal sealed class Spins : BadActor
{
    // Longer than a test waits. After that the loop ends, so that it does not occupy a core until the process ends.
    private static readonly TimeSpan LoopTime = TimeSpan.FromSeconds(8);

    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < LoopTime)
        {
        }
        return base.ReachAsync(domain, request, cancellation);
    }
}

[Actor("busy")]
internal sealed class Busy : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        while (!request.IsReachedBy((await domain.InspectAsync(cancellation)).Footprint))
        {
        }
        return await base.ReachAsync(domain, request, cancellation);
    }
}

[Actor("one-at-a-time")]
internal sealed class OneAtATime : BadActor
{
    private IDomain? _last;

    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        _last = domain;
        await Task.Delay(TimeSpan.FromMilliseconds(100), domain.Time, cancellation);
        return await base.ReachAsync(_last, request, cancellation);
    }

    public override Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => base.ReleaseAsync(domain, cancellation);
}

[Actor("leaves-a-timer")]
internal sealed class LeavesATimer : BadActor
{
    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        _ = domain.Time.CreateTimer(_ => domain.Log.Debug("still here"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        return base.ReachAsync(domain, request, cancellation);
    }
}

[Actor("forgets")]
internal sealed class Forgets : BadActor
{
    private readonly HashSet<int> _held = [];

    public override Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        _held.Add(domain.Identity.Domid);
        return base.ReachAsync(domain, request, cancellation);
    }

    public override Task ReleaseAsync(IDomain domain, CancellationToken cancellation) =>
        _held.Remove(domain.Identity.Domid) ? base.ReleaseAsync(domain, cancellation) : Task.CompletedTask;
}

[Actor("chance")]
internal sealed class Chance : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync("memory-policy/chance/run", $"{Guid.NewGuid()}", cancellation);
        return await base.ReachAsync(domain, request, cancellation);
    }
}

[Actor("crashes")]
internal sealed class Crashes : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        try
        {
            return await base.ReachAsync(domain, request, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new InvalidOperationException("what now?", error);
        }
    }
}

[Actor("overshoots")]
internal sealed class Overshoots : BadActor
{
    public override async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        await base.ReachAsync(domain, request with { Target = request.Target - Kib.FromMiB(100) }, cancellation);
        return await base.ReachAsync(domain, request, cancellation);
    }
}
