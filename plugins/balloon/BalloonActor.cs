using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Asks the guest's balloon driver through <c>memory/target</c> and watches what the hypervisor says of it (tools/libs/light/libxl_mem.c,
/// drivers/xen/balloon.c). max_mem is raised before the target and lowered after it: a Linux driver that meets the ceiling gives up, and only
/// a different target wakes it. Who else writes <c>memory/target</c> while it works wins; a new request takes it up again.
/// </summary>
[Actor("balloon")]
internal sealed class BalloonActor : IActor
{
    // As squeezed: a driver that moves nothing for 5 s is taken for stuck.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private const int LooksPerReading = 4;

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<IMaxMem>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);

        var record = await BalloonRecord.ReadAsync(domain, cancellation);
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        var offset = await OffsetAsync(domain, record, info, target, cancellation);
        var aim = BalloonAim.Of(request, offset, info);
        if (SecondWriter.StillHas(record, target, aim, request))
            return Outcome.Short(info.Footprint, SecondWriter.Words(target, record));
        var found = record.Found is null ? record with { Found = target, FoundMaxMem = info.MaxMem } : record;
        var asked = found with { Offset = offset, Asked = aim.Target, Yielded = null };
        cancellation.ThrowIfCancellationRequested();
        // All or nothing: cancelled in between, the record would take our own target for somebody else's.
        if (asked != record)
            await asked.WriteAsync(domain, CancellationToken.None);
        if (aim.MaxMem > info.MaxMem)
            await offer.Mechanism.SetMaxMemAsync(aim.MaxMem, CancellationToken.None);
        await AskAsync(domain, target, aim, request.Tolerance, info);

        var outcome = await WatchAsync(domain, request, asked, info, cancellation);
        if (outcome.Kind == OutcomeKind.Reached)
            await offer.Mechanism.SetMaxMemAsync(aim.MaxMem, cancellation);
        return outcome;
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var record = await BalloonRecord.ReadAsync(domain, cancellation);
        if (record is not { Found: { } found, Offset: { } offset })
            return;
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (target == record.Asked)
        {
            var info = await domain.InspectAsync(cancellation);
            if (domain.GetMechanism<IMaxMem>() is { Available: true } offer)
                await offer.Mechanism.SetMaxMemAsync(BalloonAim.MaxMemFor(record, found, offset, info), cancellation);
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, found, cancellation);
        }
        else
        {
            domain.Log.Info($"lets go of the balloon, and leaves {SecondWriter.Value(target)} there, which somebody else wrote");
        }
        await record.ForgetAsync(domain, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async ValueTask<Kib> OffsetAsync(
        IDomain domain, BalloonRecord record, DomainInfo info, Kib? target, CancellationToken cancellation)
    {
        if (record.Offset is { } small && BalloonOffset.Plausible(small, Kib.Zero))
            return small;
        var video = await domain.Store.ReadKibAsync(DomainKeys.VideoRam, cancellation) ?? Kib.Zero;
        return record.Offset is { } known && BalloonOffset.Plausible(known, video)
            ? known
            : BalloonOffset.Learn(info.Populated - info.TmemPages.ToKib(), target, video);
    }

    private static async Task AskAsync(IDomain domain, Kib? before, BalloonAim aim, Kib tolerance, DomainInfo info)
    {
        var there = (info.Populated - aim.Footprint).Abs() <= tolerance;
        // A Linux driver that gave up is woken by a different target alone.
        if (before == aim.Target && !there)
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, aim.Target + new Kib(Pages.KibPerPage), CancellationToken.None);
        if (before != aim.Target || !there)
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, aim.Target, CancellationToken.None);
    }

    private static async Task<Outcome> WatchAsync(
        IDomain domain, TargetRequest request, BalloonRecord record, DomainInfo start, CancellationToken cancellation)
    {
        var motion = new Motion(start.Populated, request.Target, domain.Time.GetTimestamp());
        for (var look = 1; ; look++)
        {
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, "waiting for the guest's balloon driver"));
            if (request.IsReachedBy(info.Populated))
                return Outcome.Reached(info.Footprint, HowReached(start.Populated, info.Populated)) with { Alone = info.Populated };
            if (BalloonAim.Of(request, record.Offset!.Value, info) is var aim && aim.Clipped is { } reason)
                return Outcome.Short(info.Footprint, reason);
            if (info.State != DomainState.Running)
                return Outcome.Short(info.Footprint, $"the domain is {info.State.ToString().ToLowerInvariant()}, so its balloon driver cannot act");
            motion = motion.See(info.Populated, domain.Time.GetTimestamp());
            var stuck = domain.Time.GetElapsedTime(motion.LastMoved) >= StuckAfter;
            var poolsChanged = aim.Target != record.Asked;
            if ((stuck || poolsChanged || look % LooksPerReading == 0) && await YieldAsync(domain, record, request, info, cancellation) is { } yielded)
                return yielded;
            if (poolsChanged)
                record = await FollowPoolsAsync(domain, record, aim);
            if (stuck)
                return Outcome.Short(info.Footprint, motion.WhyStuck(info.Populated, await domain.Store.ReadAsync(DomainKeys.FeatureBalloon, cancellation)));
            await Task.Delay(Look, domain.Time, cancellation);
        }
    }

    // What the guest put into its tmem pools meanwhile has to come out of its memory as well.
    private static async ValueTask<BalloonRecord> FollowPoolsAsync(IDomain domain, BalloonRecord record, BalloonAim aim)
    {
        var followed = record with { Asked = aim.Target };
        await followed.WriteAsync(domain, CancellationToken.None);
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, aim.Target, CancellationToken.None);
        return followed;
    }

    private static async ValueTask<Outcome?> YieldAsync(
        IDomain domain, BalloonRecord record, TargetRequest request, DomainInfo info, CancellationToken cancellation)
    {
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (target == record.Asked)
            return null;
        await (record with { Yielded = request.Serial }).WriteAsync(domain, cancellation);
        return Outcome.Short(info.Footprint, SecondWriter.Words(target, record));
    }

    private static string HowReached(Kib start, Kib now) =>
        (start - now).Abs() < Kib.FromMiB(1) ? "the guest is there already" : $"the balloon went from {start} to {now}";
}
