using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Watches a guest on its way to a target, until it is there, cannot get there, or another program takes its balloon.</summary>
internal sealed class BalloonWatch(IDomain domain, TargetRequest request, BalloonOrder order, BalloonLimits limits, DomainInfo start)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private const int ChecksPerRead = 4;

    // A driver that works makes progress from one check to the next.
    private static readonly TimeSpan NoProgress = 3 * CheckInterval;

    private readonly long _begun = domain.Time.GetTimestamp();
    private readonly BalloonEnd _end = new(domain, request, order, limits, start);
    private BalloonCurve _curve = new(start.Populated, request.Target, TimeSpan.Zero);

    private TimeSpan Elapsed => domain.Time.GetElapsedTime(_begun);

    public async Task<Outcome> RunAsync(CancellationToken cancellation)
    {
        try
        {
            for (var check = 1; ; check++)
            {
                var info = await domain.InspectAsync(cancellation);
                domain.Report(new Progress(info.Footprint, "waiting for the guest's balloon driver"));
                _curve = _curve.Observe(info.Populated, Elapsed);
                limits.Observe(info, order.Footprint);
                if (request.IsReachedBy(info.Populated))
                    return await _end.ReachedAsync(info, cancellation);
                if (info.State != DomainState.Running)
                    return await _end.ShortAsync(info, _curve, Elapsed, cancellation);
                if (await FollowAsync(info, check % ChecksPerRead == 0, cancellation) is { } outcome)
                    return outcome;
                await Task.Delay(CheckInterval, domain.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (limits.Shrinking && (_curve.Still(Elapsed) >= BalloonCurve.FirstPause || (TimeIsUp && _curve.Still(Elapsed) >= NoProgress)))
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
        var ends = !differs && (arrived || Fails);
        if (!read && !differs && !ends)
            return null;
        var current = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (current != order.Written)
            return await _end.YieldAsync(info, current, cancellation);
        if (differs)
            await order.PlaceAsync(footprint, current, info, wake: false);
        if (!ends)
            return null;
        return arrived && plan.Clipped is { } clipped
            ? BalloonEnd.Clipped(info, clipped)
            : await _end.ShortAsync(info, _curve, Elapsed, cancellation);
    }

    // A guest that reports enough available memory may take its time. Otherwise a pause means that its driver fails.
    private bool Fails => _curve.Stuck(Elapsed) || (limits.Shrinking && (limits.NearItsEnd is not null || (!limits.HasMore && _curve.Paused(Elapsed))));
}
