using Actors.Sdk;

namespace Actors.Sharing;

/// <summary>
/// Reduces the footprint by sharing identical pages with the domains of the same sharing group. A shared page no longer counts in
/// <c>tot_pages</c> (xen/arch/x86/mm/mem_sharing.c, <c>page_make_sharable</c>). How far the footprint can fall depends on how many pages are
/// identical. Pages that the guests write to come back by copy-on-write; the next request shares others instead.
/// </summary>
[Actor("sharing")]
internal sealed class SharingActor : IActor
{
    // Set while this actor is engaged. Shared pages alone do not prove that: a partner in the group may have caused the sharing.
    private const string Engaged = "memory-policy/sharing/engaged";

    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);
    private static readonly Pages Batch = Kib.FromMiB(32).ToPages();

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<ISharing>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);
        if ((await offer.Mechanism.InspectAsync(cancellation)).Group is null)
            return await LeaveGroupAsync(domain, cancellation);
        await domain.Store.WriteAsync(Engaged, "1", cancellation);
        try
        {
            return await MoveAsync(domain, offer.Mechanism, request, cancellation);
        }
        catch (MechanismException error)
        {
            await domain.Store.RemoveAsync(Engaged, cancellation);
            return Outcome.Unable(info.Footprint, error.Message);
        }
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await domain.Store.ReadAsync(Engaged, cancellation) is null)
            return;
        if (domain.GetMechanism<ISharing>() is { Available: true } offer)
        {
            while (await offer.Mechanism.InspectAsync(cancellation) is { Shared: var shared } status && shared > Pages.Zero)
            {
                var most = await GrantedAsync(domain, Pages.Min(shared, Batch), cancellation);
                if (most == Pages.Zero || await offer.Mechanism.UnshareAsync(most, cancellation) == Pages.Zero)
                    throw new MechanismException(SharingReasons.NotUnshared(status, await domain.InspectAsync(cancellation)));
            }
        }
        await domain.Store.RemoveAsync(Engaged, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private async Task<Outcome> LeaveGroupAsync(IDomain domain, CancellationToken cancellation)
    {
        await ReleaseAsync(domain, cancellation);
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        return Outcome.Unable(footprint, $"the domain is in no sharing group, so it cannot share pages; write the name of a group to {DomainKeys.SharingGroup}");
    }

    private static async Task<Outcome> MoveAsync(IDomain domain, ISharing sharing, TargetRequest request, CancellationToken cancellation)
    {
        SharingProgress? progress = null;
        while (true)
        {
            var status = await sharing.InspectAsync(cancellation);
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, SharingReasons.Progress(status)));
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, SharingReasons.Describe(status));
            progress = SharingProgress.Observe(progress, info, request, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(progress.LastNearer) >= StuckAfter)
                return Outcome.Short(info.Footprint, SharingReasons.CopiedAway(status, info, request));
            var step = SharingProgress.Next(info, request, Batch);
            var moved = step > Pages.Zero
                ? await sharing.ShareAsync(step, cancellation)
                : await UnshareAsync(domain, sharing, Pages.Zero - step, cancellation);
            if (moved == Pages.Zero)
                return await EndAsync(domain, sharing, request, cancellation);
        }
    }

    private static async Task<Pages> UnshareAsync(IDomain domain, ISharing sharing, Pages most, CancellationToken cancellation)
    {
        var granted = await GrantedAsync(domain, most, cancellation);
        return granted == Pages.Zero ? Pages.Zero : await sharing.UnshareAsync(granted, cancellation);
    }

    // Own copies take free memory of the host.
    private static async ValueTask<Pages> GrantedAsync(IDomain domain, Pages most, CancellationToken cancellation) =>
        await domain.RequestHostMemoryAsync(most.ToKib(), cancellation) is { Amount: var amount } ? Pages.Min(most, amount.ToPages()) : most;

    private static async Task<Outcome> EndAsync(IDomain domain, ISharing sharing, TargetRequest request, CancellationToken cancellation)
    {
        var status = await sharing.InspectAsync(cancellation);
        var info = await domain.InspectAsync(cancellation);
        return Outcome.Short(info.Footprint, SharingReasons.NoMorePages(status, info, request)) with { Lacks = SharingReasons.WhatIsMissing(status, info, request) };
    }
}
