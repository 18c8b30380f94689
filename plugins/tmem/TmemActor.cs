using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>
/// Reduces the footprint by dropping pages that a guest keeps in transcendent memory: ephemeral pages, which the guest can read from disk
/// again. It caps the pools so that no new pages replace them. Persistent pages are data of the guest (its swap) and are never dropped.
/// <c>xl tmem-freeze</c>, <c>tmem-thaw</c> and <c>tmem-set</c> did the same through <c>XEN_SYSCTL_tmem_op</c>; Xen 4.13 removed them.
/// </summary>
[Actor("tmem")]
internal sealed class TmemActor : IActor
{
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

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
        if (TmemSettings.Parse(await domain.Store.ReadAsync(TmemSettings.Key, cancellation)) is null)
            await domain.Store.WriteAsync(TmemSettings.Key, TmemSettings.Of(pools).ToString(), cancellation);
        if (argument.Weight is { } weight)
            await tmem.SetWeightAsync(weight, cancellation);
        var lack = await MoveAsync(domain, tmem, info, pools, request, argument, cancellation);
        return await WatchAsync(domain, tmem, pools, request, lack, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await domain.Store.ReadAsync(TmemSettings.Key, cancellation) is not { } text)
            return;
        if (domain.GetMechanism<ITmem>() is { Available: true } offer && TmemSettings.Parse(text) is { } found)
        {
            await offer.Mechanism.SetWeightAsync(found.Weight, cancellation);
            await offer.Mechanism.SetCapAsync(found.Cap, cancellation);
            await (found.Frozen ? offer.Mechanism.FreezeAsync(cancellation) : offer.Mechanism.ThawAsync(cancellation));
        }
        await domain.Store.RemoveAsync(TmemSettings.Key, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    /// <returns>What the pools lack to grow as far as the target allows; <see langword="null"/> if nothing.</returns>
    private static async Task<Lack?> MoveAsync(
        IDomain domain, ITmem tmem, DomainInfo info, TmemPools pools, TargetRequest request, TmemArgument argument, CancellationToken cancellation)
    {
        var step = TmemStep.For(info, pools, request, argument);
        var (growth, lack) = (step.Cap - pools.Held.ToKib(), (Lack?)null);
        // The guest fills its pools up to the cap.
        if (growth > Kib.Zero && await domain.RequestHostMemoryAsync(growth, cancellation) is { Amount: var amount } && amount < growth)
            (step, lack) = (step with { Cap = pools.Held.ToKib() + amount }, Lack.OfHostMemory(growth - amount));
        if (step.Cap <= pools.Held.ToKib())
            // No new page may replace one that is dropped.
            await tmem.FreezeAsync(cancellation);
        await tmem.SetCapAsync(step.Cap, cancellation);
        var dropped = step.Flush > Pages.Zero ? await tmem.FlushAsync(step.Flush, cancellation) : Pages.Zero;
        if ((pools.Held - dropped).ToKib() <= step.Cap)
            await tmem.ThawAsync(cancellation);
        return lack;
    }

    private static async Task<Outcome> WatchAsync(
        IDomain domain, ITmem tmem, TmemPools before, TargetRequest request, Lack? lack, CancellationToken cancellation)
    {
        var (most, moved) = (Pages.Zero, domain.Time.GetTimestamp());
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            var pools = await tmem.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, TmemReasons.Describe(pools)));
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, TmemReasons.Reached(before, pools));
            if (info.Footprint > request.Target)
                return Outcome.Short(info.Footprint, TmemReasons.NothingToDrop(pools, info.Footprint - request.Target));
            if (pools.Held > most)
                (most, moved) = (pools.Held, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(moved) >= StuckAfter)
                return Outcome.Short(info.Footprint, TmemReasons.NotGrowing(pools, request.Target - info.Footprint, lack is not null)) with { Lacks = lack };
            await Task.Delay(CheckInterval, domain.Time, cancellation);
        }
    }
}
