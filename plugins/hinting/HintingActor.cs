using Actors.Sdk;

namespace Actors.Hinting;

/// <summary>
/// Reduces the footprint by discarding what the guest has volunteered: unused pages first, then clean file cache. That needs no cooperation at that moment
/// and writes nothing to disk. It is exactly as much as the guest volunteers. The hypervisor keeps the footprint at the target from then on, as far as the
/// guest goes on volunteering.
/// </summary>
[Actor("hinting")]
internal sealed class HintingActor : IActor
{
    // Set while this actor is engaged: the limit may stand without a discarded page.
    private const string Engaged = "memory-policy/hinting/engaged";

    private static readonly Pages Batch = Kib.FromMiB(64).ToPages();

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<IHinting>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);
        await domain.Store.WriteAsync(Engaged, "1", cancellation);
        await offer.Mechanism.SetLimitAsync(Kib.Max(request.Target, request.Floor), cancellation);
        await ReturnAsync(domain, offer.Mechanism, (request.Target - info.Footprint).ToPages(), cancellation);
        info = await domain.InspectAsync(cancellation);
        var status = await offer.Mechanism.InspectAsync(cancellation);
        domain.Report(new Progress(info.Footprint, HintingReasons.Progress(status)));
        return HintingEnd.Of(info, status, request);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await domain.Store.ReadAsync(Engaged, cancellation) is null)
            return;
        if (domain.GetMechanism<IHinting>() is { Available: true } offer)
        {
            await offer.Mechanism.SetLimitAsync(null, cancellation);
            var withheld = (await offer.Mechanism.InspectAsync(cancellation)).Withheld;
            // The hypervisor gives what is free; a domain that is released has no target for which the host would grant memory.
            if (await offer.Mechanism.ReturnAsync(withheld, cancellation) < withheld
                && await offer.Mechanism.InspectAsync(cancellation) is { Withheld: var left } && left > Pages.Zero)
                throw new MechanismException(HintingReasons.NotReturned(left, await domain.InspectAsync(cancellation)));
        }
        await domain.Store.RemoveAsync(Engaged, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Gives frames to discarded pages as far as the host grants them, and returns to how many.</summary>
    private static async Task<Pages> ReturnAsync(IDomain domain, IHinting hinting, Pages most, CancellationToken cancellation)
    {
        var returned = Pages.Zero;
        while (returned < most)
        {
            var batch = Pages.Min(Batch, most - returned);
            if (await domain.RequestHostMemoryAsync((most - returned).ToKib(), cancellation) is { Amount: var granted })
                batch = Pages.Min(batch, granted.ToPages());
            var here = batch > Pages.Zero ? await hinting.ReturnAsync(batch, cancellation) : Pages.Zero;
            if (here == Pages.Zero)
                break;
            returned += here;
        }
        return returned;
    }
}
