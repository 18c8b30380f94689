using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Sets the target of the guest's balloon driver in <c>memory/target</c> and watches the footprint that the hypervisor reports
/// (tools/libs/light/libxl_mem.c, drivers/xen/balloon.c). A guest that cannot reach its target gets some headroom back. If another program
/// writes <c>memory/target</c> meanwhile, this actor yields to it until the next request. <c>balloon:superpages</c> sets only targets that are
/// multiples of 2 MiB.
/// </summary>
[Actor("balloon")]
internal sealed class BalloonActor : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        if (BalloonStep.UnknownArgument(request.Argument) is { } unknown)
            return Outcome.Unable(info.Footprint, unknown);
        var offer = domain.GetMechanism<IMaxMem>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);

        var record = await BalloonRecord.ReadAsync(domain, cancellation);
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (record.Yielded is not null && await domain.Store.ReadKibAsync(DomainKeys.OwnBalloonTarget, cancellation) is var own
            && SecondWriter.StillOwns(record, target, own, request))
            return Outcome.Short(info.Footprint, SecondWriter.Reason(target, own)) with { Lacks = new Lack(LackKinds.SecondWriter) };
        var order = await OrderAsync(domain, offer.Mechanism, record, info, target, BalloonStep.Of(request.Argument), cancellation);
        var limits = new BalloonLimits(domain, request, info);
        await limits.ReadAsync(info, cancellation);
        var plan = order.Plan(request, info, info.Populated, limits.Need);
        cancellation.ThrowIfCancellationRequested();
        var footprint = limits.Clip(plan.Footprint, plan.Footprint, arrived: true);
        await order.PlaceAsync(footprint, target, info, wake: (info.Populated - footprint).Abs() > request.Tolerance);
        return await new BalloonWatch(domain, request, order, limits, info).RunAsync(cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var record = await BalloonRecord.ReadAsync(domain, cancellation);
        if (record.Found is not { } found)
            return;
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        if (target == await domain.Store.ReadKibAsync(DomainKeys.OwnBalloonTarget, cancellation))
        {
            var info = await domain.InspectAsync(cancellation);
            if (domain.GetMechanism<IMaxMem>() is { Available: true } offer)
                await offer.Mechanism.SetMaxMemAsync(BalloonPlan.MaxMemFor(record, found, record.Offset ?? await VideoRamAsync(domain, cancellation), info), cancellation);
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, found, cancellation);
        }
        else
        {
            domain.Log.Info($"the balloon is released; {SecondWriter.Describe(target)} stays, because another program wrote it");
        }
        await record.ForgetAsync(domain, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async ValueTask<BalloonOrder> OrderAsync(
        IDomain domain, IMaxMem maxMem, BalloonRecord record, DomainInfo info, Kib? target, BalloonStep step, CancellationToken cancellation)
    {
        var offset = record.Offset;
        var video = Kib.Zero;
        if (offset is not { } known || !BalloonOffset.IsPlausible(known, Kib.Zero, info))
        {
            video = await VideoRamAsync(domain, cancellation);
            if (offset is not { } withVideo || !BalloonOffset.IsPlausible(withVideo, video, info))
                // The offset shows only in a target that the toolstack wrote, not in one of this actor.
                offset = record.Found is null ? BalloonOffset.Learn(info, target, video) : null;
        }
        var found = record.Found is null ? record with { Found = target, FoundMaxMem = info.MaxMem } : record;
        return new BalloonOrder(domain, maxMem, record, found with { Offset = offset }, step) { VideoRam = video };
    }

    private static async ValueTask<Kib> VideoRamAsync(IDomain domain, CancellationToken cancellation) =>
        await domain.Store.ReadKibAsync(DomainKeys.VideoRam, cancellation) ?? Kib.Zero;
}
