using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Ends a run of the balloon: with the outcome, its cause, and relief for a guest that cannot reach its target.</summary>
internal sealed class BalloonEnd(IDomain domain, TargetRequest request, BalloonOrder order, BalloonLimits limits, DomainInfo start)
{
    private readonly BalloonRecovery _recovery = new(domain, order, start);

    public async ValueTask<Outcome> ReachedAsync(DomainInfo info, CancellationToken cancellation)
    {
        await order.SettleAsync(cancellation);
        var how = (start.Populated - info.Populated).Abs() < Kib.FromMiB(1)
            ? "the guest is already at the target"
            : $"the balloon went from {start.Populated} to {info.Populated}";
        return Outcome.Reached(info.Footprint, how) with { Alone = info.Populated };
    }

    /// <summary>Ends the run of a guest that has come to where the balloon stops, above the target.</summary>
    public async ValueTask<Outcome> ClippedAsync(DomainInfo info, BalloonCurve curve, string why, CancellationToken cancellation)
    {
        // A guest that reported in time that this was too little may have been at its end before.
        var relieved = curve.HadLess(info.Populated) ? await _recovery.VerifyAsync(info, cancellation) : Recovered.Nothing(info);
        if (relieved.IsForeign)
            return await YieldAsync(relieved.Now, relieved.Target, cancellation);
        var more = relieved.Check is { Stage: ReliefStage.UsedUp } check ? Relief.Describe(check) : "";
        return Outcome.Short(relieved.Now.Footprint, why + more) with { Lacks = new Lack(LackKinds.GuestMemory), Learned = Learned(relieved.Check) };
    }

    /// <summary>Ends the run of a guest that does not move any further, or whose domain does not run.</summary>
    public async ValueTask<Outcome> ShortAsync(DomainInfo info, BalloonCurve curve, TimeSpan elapsed, CancellationToken cancellation)
    {
        var relieved = limits.Shrinking ? await _recovery.RelieveAsync(info, cancellation) : Recovered.Nothing(info);
        if (relieved.IsForeign)
            return await YieldAsync(relieved.Now, relieved.Target, cancellation);
        // A guest can also crash while it is relieved.
        var stopped = relieved.Now.State == DomainState.Crashed ? relieved.Now : info;
        var cause = await CauseAsync(stopped, curve.Still(elapsed), cancellation);
        var outcome = stopped.State == DomainState.Crashed
            ? Outcome.Failed(stopped.Footprint, $"{cause}")
            : Outcome.Short(relieved.Now.Footprint, $"{cause}{Relief.Describe(relieved.Check)}");
        return outcome with { Lacks = cause.Lacks, Learned = Learned(relieved.Check) ?? Learned(stopped, cause) };
    }

    /// <summary>Ends the run because another program has written the target, so the balloon is left to that program.</summary>
    public async ValueTask<Outcome> YieldAsync(DomainInfo info, Kib? target, CancellationToken cancellation)
    {
        await order.YieldAsync(request.Serial, cancellation);
        return Outcome.Short(info.Footprint, order.WhyYielded(target)) with { Lacks = new Lack(LackKinds.SecondWriter) };
    }

    private async ValueTask<Cause> CauseAsync(DomainInfo info, TimeSpan still, CancellationToken cancellation)
    {
        var pager = domain.GetMechanism<IPaging>();
        return Causes.Of(new CauseFacts
        {
            Start = start.Populated,
            Now = info,
            Target = request.Target,
            Tolerance = request.Tolerance,
            Still = still,
            Published = await domain.Store.ReadAsync(DomainKeys.FeatureBalloon, cancellation) is not null,
            Report = limits.Report,
            NearItsEnd = limits.NearItsEnd,
            Host = limits.Host,
            OffsetKnown = order.OffsetKnown,
            WhyNoPager = pager.Available ? null : pager.WhyNot,
        });
    }

    // The next request reads again what the guest reports.
    private LearnedLimit? Learned(DomainInfo info, Cause cause)
    {
        if (!limits.Shrinking || !cause.Lacks.Kinds.HasFlag(LackKinds.GuestMemory) || limits.Report is not null)
            return null;
        var crashed = info.State == DomainState.Crashed;
        var what = crashed ? $"it crashed at {info.Populated} while its balloon grew" : $"its balloon stopped at {info.Populated}";
        return new LearnedLimit(info.Populated, what) { Crashed = crashed };
    }

    private LearnedLimit? Learned(ReliefCheck? check) => check is { Stage: ReliefStage.UsedUp } && limits.Report is null
        ? new LearnedLimit(check.Relieved, $"it used up all that it had at {check.Relieved}")
        : null;
}
