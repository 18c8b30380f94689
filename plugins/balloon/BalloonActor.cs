using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Sets the target of the guest's balloon driver in <c>memory/target</c> and watches the footprint that the hypervisor reports
/// (tools/libs/light/libxl_mem.c, drivers/xen/balloon.c). max_mem is raised before the target and lowered after it: a Linux driver that
/// reaches max_mem gives up, and only a different target wakes it. If another program writes <c>memory/target</c> meanwhile, this actor
/// yields to it until the next request.
/// </summary>
[Actor("balloon")]
internal sealed class BalloonActor : IActor
{
    // squeezed uses the same limit: a driver that makes no progress for 5 s counts as stuck.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private const int ChecksPerRead = 4;

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<IMaxMem>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);

        var record = await BalloonRecord.ReadAsync(domain, cancellation);
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        var offset = await OffsetAsync(domain, record, info, target, cancellation);
        var plan = BalloonPlan.Of(request, offset, info);
        if (SecondWriter.StillOwns(record, target, plan, request))
            return Outcome.Short(info.Footprint, SecondWriter.Reason(target, record));
        var found = record.Found is null ? record with { Found = target, FoundMaxMem = info.MaxMem } : record;
        var written = found with { Offset = offset, Written = plan.Target, Yielded = null };
        cancellation.ThrowIfCancellationRequested();
        // No cancellation from here on: record and target must be written together, or our own target would look like another program's.
        if (written != record)
            await written.WriteAsync(domain, CancellationToken.None);
        if (plan.MaxMem > info.MaxMem)
            await offer.Mechanism.SetMaxMemAsync(plan.MaxMem, CancellationToken.None);
        await WriteTargetAsync(domain, target, plan, request.Tolerance, info);

        var outcome = await WatchAsync(domain, request, written, info, cancellation);
        if (outcome.Kind == OutcomeKind.Reached)
            await offer.Mechanism.SetMaxMemAsync(plan.MaxMem, cancellation);
        return outcome;
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var record = await BalloonRecord.ReadAsync(domain, cancellation);
        if (record is not { Found: { } found, Offset: { } offset })
            return;
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (target == record.Written)
        {
            var info = await domain.InspectAsync(cancellation);
            if (domain.GetMechanism<IMaxMem>() is { Available: true } offer)
                await offer.Mechanism.SetMaxMemAsync(BalloonPlan.MaxMemFor(record, found, offset, info), cancellation);
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, found, cancellation);
        }
        else
        {
            domain.Log.Info($"the balloon is released; {SecondWriter.Describe(target)} stays, because another program wrote it");
        }
        await record.ForgetAsync(domain, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async ValueTask<Kib> OffsetAsync(
        IDomain domain, BalloonRecord record, DomainInfo info, Kib? target, CancellationToken cancellation)
    {
        if (record.Offset is { } withoutVideo && BalloonOffset.IsPlausible(withoutVideo, Kib.Zero))
            return withoutVideo;
        var video = await domain.Store.ReadKibAsync(DomainKeys.VideoRam, cancellation) ?? Kib.Zero;
        return record.Offset is { } known && BalloonOffset.IsPlausible(known, video)
            ? known
            : BalloonOffset.Learn(info.Populated - info.TmemPages.ToKib(), target, video);
    }

    private static async Task WriteTargetAsync(IDomain domain, Kib? before, BalloonPlan plan, Kib tolerance, DomainInfo info)
    {
        var reached = (info.Populated - plan.Footprint).Abs() <= tolerance;
        // Only a different target wakes a Linux driver that gave up.
        if (before == plan.Target && !reached)
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, plan.Target + new Kib(Pages.KibPerPage), CancellationToken.None);
        if (before != plan.Target || !reached)
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, plan.Target, CancellationToken.None);
    }

    private static async Task<Outcome> WatchAsync(
        IDomain domain, TargetRequest request, BalloonRecord record, DomainInfo start, CancellationToken cancellation)
    {
        var progress = new BalloonProgress(start.Populated, request.Target, domain.Time.GetTimestamp());
        for (var check = 1; ; check++)
        {
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, "waiting for the guest's balloon driver"));
            if (request.IsReachedBy(info.Populated))
                return Outcome.Reached(info.Footprint, HowReached(start.Populated, info.Populated)) with { Alone = info.Populated };
            if (BalloonPlan.Of(request, record.Offset!.Value, info) is var plan && plan.Clipped is { } reason)
                return Outcome.Short(info.Footprint, reason);
            if (info.State != DomainState.Running)
                return Outcome.Short(info.Footprint, $"the domain is {info.State.ToString().ToLowerInvariant()}, so its balloon driver cannot act");
            progress = progress.Observe(info.Populated, domain.Time.GetTimestamp());
            var stuck = domain.Time.GetElapsedTime(progress.LastMoved) >= StuckAfter;
            var poolsChanged = plan.Target != record.Written;
            if ((stuck || poolsChanged || check % ChecksPerRead == 0) && await YieldAsync(domain, record, request, info, cancellation) is { } yielded)
                return yielded;
            if (poolsChanged)
                record = await FollowPoolsAsync(domain, record, plan);
            if (stuck)
                return Outcome.Short(info.Footprint, progress.WhyStuck(info.Populated, await domain.Store.ReadAsync(DomainKeys.FeatureBalloon, cancellation)));
            await Task.Delay(CheckInterval, domain.Time, cancellation);
        }
    }

    // Pages that the guest has put into its tmem pools meanwhile must also come out of its memory.
    private static async ValueTask<BalloonRecord> FollowPoolsAsync(IDomain domain, BalloonRecord record, BalloonPlan plan)
    {
        var followed = record with { Written = plan.Target };
        await followed.WriteAsync(domain, CancellationToken.None);
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, plan.Target, CancellationToken.None);
        return followed;
    }

    private static async ValueTask<Outcome?> YieldAsync(
        IDomain domain, BalloonRecord record, TargetRequest request, DomainInfo info, CancellationToken cancellation)
    {
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (target == record.Written)
            return null;
        await (record with { Yielded = request.Serial }).WriteAsync(domain, cancellation);
        return Outcome.Short(info.Footprint, SecondWriter.Reason(target, record));
    }

    private static string HowReached(Kib start, Kib now) =>
        (start - now).Abs() < Kib.FromMiB(1) ? "the guest is already at the target" : $"the balloon went from {start} to {now}";
}
