using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Ends a run of the balloon: with the outcome, its cause, and relief for a guest that cannot reach its target.</summary>
internal sealed class BalloonEnd(IDomain domain, TargetRequest request, BalloonOrder order, BalloonLimits limits, DomainInfo start)
{
    public async ValueTask<Outcome> ReachedAsync(DomainInfo info, CancellationToken cancellation)
    {
        await order.SettleAsync(cancellation);
        var how = (start.Populated - info.Populated).Abs() < Kib.FromMiB(1)
            ? "the guest is already at the target"
            : $"the balloon went from {start.Populated} to {info.Populated}";
        return Outcome.Reached(info.Footprint, how) with { Alone = info.Populated };
    }

    /// <summary>The guest is where the balloon stops, above the target.</summary>
    public static Outcome Clipped(DomainInfo info, string why) => Outcome.Short(info.Footprint, why) with { Lacks = new Lack(LackKinds.GuestMemory) };

    /// <summary>The guest does not move any further, or its domain does not run.</summary>
    public async ValueTask<Outcome> ShortAsync(DomainInfo info, BalloonCurve curve, TimeSpan elapsed, CancellationToken cancellation)
    {
        var pager = domain.GetMechanism<IPaging>();
        var cause = Causes.Of(new CauseFacts
        {
            Start = start.Populated,
            Now = info,
            Target = request.Target,
            Tolerance = request.Tolerance,
            Still = curve.Still(elapsed),
            Published = await domain.Store.ReadAsync(DomainKeys.FeatureBalloon, cancellation) is not null,
            Report = limits.Report,
            NearItsEnd = limits.NearItsEnd,
            Host = limits.Host,
            OffsetKnown = order.OffsetKnown,
            WhyNoPager = pager.Available ? null : pager.WhyNot,
        });
        var relief = limits.Shrinking ? await order.RelieveAsync(start.Populated) : "";
        var outcome = info.State == DomainState.Crashed
            ? Outcome.Failed(info.Footprint, $"{cause}")
            : Outcome.Short(info.Footprint, $"{cause}{relief}");
        return outcome with { Lacks = cause.Lacks, Learned = Learned(info, cause) };
    }

    /// <summary>Another program has written the target, so the balloon is left to it.</summary>
    public async ValueTask<Outcome> YieldAsync(DomainInfo info, Kib? target, CancellationToken cancellation)
    {
        await order.YieldAsync(request.Serial, cancellation);
        return Outcome.Short(info.Footprint, order.WhyYielded(target)) with { Lacks = new Lack(LackKinds.SecondWriter) };
    }

    // What a guest reports is known again at the next request.
    private LearnedLimit? Learned(DomainInfo info, Cause cause)
    {
        if (!limits.Shrinking || !cause.Lacks.Kinds.HasFlag(LackKinds.GuestMemory) || limits.Report is not null)
            return null;
        var crashed = info.State == DomainState.Crashed;
        var what = crashed ? $"it crashed at {info.Populated} while its balloon grew" : $"its balloon stopped at {info.Populated}";
        return new LearnedLimit(info.Populated, what) { Crashed = crashed };
    }
}
