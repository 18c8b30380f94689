using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>
/// Takes the footprint down by what a guest keeps in transcendent memory: drops ephemeral pages, which the guest can read again, and caps
/// the pools so that no others come in their place. Persistent pages are the guest's data (its swap) and are never dropped. As
/// <c>xl tmem-freeze</c>, <c>tmem-thaw</c> and <c>tmem-set</c> did, through <c>XEN_SYSCTL_tmem_op</c>; Xen 4.13 removed it all.
/// </summary>
[Actor("tmem")]
internal sealed class TmemActor : IActor
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var (argument, error) = TmemArgument.Parse(request.Argument);
        if (argument is null)
            return Outcome.Unable(info.Footprint, error);
        var offer = domain.GetMechanism<ITmem>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);

        var tmem = offer.Mechanism;
        var pools = await tmem.InspectAsync(cancellation);
        if (TmemFound.Parse(await domain.Store.ReadAsync(TmemFound.Key, cancellation)) is null)
            await domain.Store.WriteAsync(TmemFound.Key, TmemFound.Of(pools).ToString(), cancellation);
        if (argument.Weight is { } weight)
            await tmem.SetWeightAsync(weight, cancellation);
        await MoveAsync(tmem, info, pools, request, argument, cancellation);
        return await WatchAsync(domain, tmem, pools, request, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await domain.Store.ReadAsync(TmemFound.Key, cancellation) is not { } text)
            return;
        if (domain.GetMechanism<ITmem>() is { Available: true } offer && TmemFound.Parse(text) is { } found)
        {
            await offer.Mechanism.SetWeightAsync(found.Weight, cancellation);
            await offer.Mechanism.SetCapAsync(found.Cap, cancellation);
            await (found.Frozen ? offer.Mechanism.FreezeAsync(cancellation) : offer.Mechanism.ThawAsync(cancellation));
        }
        await domain.Store.RemoveAsync(TmemFound.Key, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async Task MoveAsync(
        ITmem tmem, DomainInfo info, TmemPools pools, TargetRequest request, TmemArgument argument, CancellationToken cancellation)
    {
        var step = TmemStep.For(info, pools, request, argument);
        if (step.Cap <= pools.Held.ToKib())
            // Nothing may come in the place of what is dropped.
            await tmem.FreezeAsync(cancellation);
        await tmem.SetCapAsync(step.Cap, cancellation);
        var dropped = step.Flush > Pages.Zero ? await tmem.FlushAsync(step.Flush, cancellation) : Pages.Zero;
        if ((pools.Held - dropped).ToKib() <= step.Cap)
            await tmem.ThawAsync(cancellation);
    }

    private static async Task<Outcome> WatchAsync(
        IDomain domain, ITmem tmem, TmemPools before, TargetRequest request, CancellationToken cancellation)
    {
        var (most, moved) = (Pages.Zero, domain.Time.GetTimestamp());
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            var pools = await tmem.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, TmemWords.Of(pools)));
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, TmemWords.Reached(before, pools));
            if (info.Footprint > request.Target)
                return Outcome.Short(info.Footprint, TmemWords.NothingToDrop(pools, info.Footprint - request.Target));
            if (pools.Held > most)
                (most, moved) = (pools.Held, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(moved) >= StuckAfter)
                return Outcome.Short(info.Footprint, TmemWords.NothingPut(pools, request.Target - info.Footprint));
            await Task.Delay(Look, domain.Time, cancellation);
        }
    }
}
