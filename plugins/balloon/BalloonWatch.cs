using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Watches a guest on its way to a target, until it is there, cannot get there, or another program takes its balloon.</summary>
internal sealed class BalloonWatch(IDomain domain, TargetRequest request, BalloonOrder order, BalloonLimits limits, DomainInfo start)
{
    // A guest whose driver has failed can die within seconds, so a guest that moves is checked more often.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CheckOfMoving = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    // A driver that works makes progress from one check to the next.
    private static readonly TimeSpan NoProgress = 3 * CheckInterval;

    private readonly long _begun = domain.Time.GetTimestamp();
    private readonly BalloonEnd _end = new(domain, request, order, limits, start);
    private BalloonCurve _curve = new(start.Populated, request.Target, TimeSpan.Zero);
    private Kib _populated = start.Populated;
    private Kib? _haltedAt;

    private TimeSpan Elapsed => domain.Time.GetElapsedTime(_begun);

    public async Task<Outcome> RunAsync(CancellationToken cancellation)
    {
        try
        {
            for (var read = TimeSpan.Zero; ;)
            {
                var info = await domain.InspectAsync(cancellation);
                domain.Report(new Progress(info.Footprint, "waiting for the guest's balloon driver"));
                (_populated, _curve) = (info.Populated, _curve.Observe(info.Populated, Elapsed));
                if (request.IsReachedBy(info.Populated))
                    return await _end.ReachedAsync(info, cancellation);
                if (info.State != DomainState.Running)
                    return await _end.ShortAsync(info, _curve, Elapsed, cancellation);
                var reads = Elapsed - read >= ReadInterval;
                read = reads ? Elapsed : read;
                if (await FollowAsync(info, reads, cancellation) is { } outcome)
                    return outcome;
                await Task.Delay(limits.Shrinking && _curve.Still(Elapsed) < CheckInterval ? CheckOfMoving : CheckInterval, domain.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (limits.Shrinking
            && (IsAtItsEnd(_populated) || _curve.Still(Elapsed) >= BalloonCurve.FirstPause || (TimeIsUp && _curve.Still(Elapsed) >= NoProgress)))
        {
            // A driver that still makes progress keeps its target.
            await order.RelieveAsync(start.Populated);
            throw;
        }
    }

    private bool TimeIsUp => request.Timeout > TimeSpan.Zero && Elapsed >= request.Timeout - CheckInterval;

    private async ValueTask<Outcome?> FollowAsync(DomainInfo info, bool read, CancellationToken cancellation)
    {
        var arrived = (info.Populated - order.Footprint).Abs() <= request.Tolerance;
        if (read || arrived)
            await limits.ReadAsync(info, cancellation);
        var plan = order.Plan(request, info, start.Populated, limits.Need);
        var footprint = limits.Clip(plan.Footprint, order.Footprint, arrived);
        var differs = order.Differs(footprint, info);
        var halted = !differs && !arrived && HasHalted;
        var ends = !differs && (arrived || Fails);
        if (!read && !differs && !ends && !halted)
            return null;
        var current = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (current != order.Written)
            return await _end.YieldAsync(info, current, cancellation);
        if (differs)
            await order.PlaceAsync(footprint, current, info, wake: false);
        else if (halted && !IsAtItsEnd(info.Populated))
            await TryAgainAsync(info, footprint, cancellation);
        else if (halted)
            return await _end.ShortAsync(info, _curve, Elapsed, cancellation);
        if (!ends)
            return null;
        return arrived && plan.Clipped is { } clipped
            ? await _end.ClippedAsync(info, _curve, clipped, cancellation)
            : await _end.ShortAsync(info, _curve, Elapsed, cancellation);
    }

    // At the first sign that its driver fails, a guest gets some headroom. Only if the driver stops at the same point again, the guest is at its end.
    private async Task TryAgainAsync(DomainInfo info, Kib footprint, CancellationToken cancellation)
    {
        _haltedAt = info.Populated;
        if (!await order.RelieveAsync(start.Populated))
            return;
        for (var begun = Elapsed; info.Populated < order.Footprint - request.Tolerance && Elapsed - begun < BalloonCurve.FirstPause;)
        {
            await Task.Delay(CheckOfMoving, domain.Time, cancellation);
            info = await domain.InspectAsync(cancellation);
        }
        await order.MoveAsync(footprint);
        _curve = _curve.Again(info.Populated, Elapsed);
    }

    private bool IsAtItsEnd(Kib populated) => _haltedAt is { } end && populated >= end - new Kib(Relief.Headroom(end).Value / 8);

    private bool HasHalted => limits.Shrinking && !limits.HasMore && _curve.Halted(Elapsed);

    // A guest that reports enough available memory may take its time. Otherwise a pause means that its driver fails.
    private bool Fails => _curve.Stuck(Elapsed) || (limits.Shrinking && (limits.NearItsEnd is not null || (!limits.HasMore && _curve.Paused(Elapsed))));
}
