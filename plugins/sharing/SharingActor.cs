using Actors.Sdk;

namespace Actors.Sharing;

/// <summary>
/// Takes the footprint down by sharing identical pages with the domains of the same sharing group: a shared page belongs to nobody and
/// leaves <c>tot_pages</c> (xen/arch/x86/mm/mem_sharing.c, <c>page_make_sharable</c>). Reaches a target as far as there is something to
/// share; what the guests write to comes back by copy-on-write, and is made up for at the next request.
/// </summary>
[Actor("sharing")]
internal sealed class SharingActor : IActor
{
    // Set while it holds something: a partner's pages may be shared although nobody ever asked this actor for that domain.
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
                if (await offer.Mechanism.UnshareAsync(Pages.Min(shared, Batch), cancellation) == Pages.Zero)
                    throw new MechanismException(SharingWords.Stuck(status, await domain.InspectAsync(cancellation)));
            }
        }
        await domain.Store.RemoveAsync(Engaged, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private async Task<Outcome> LeaveGroupAsync(IDomain domain, CancellationToken cancellation)
    {
        await ReleaseAsync(domain, cancellation);
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        return Outcome.Unable(footprint, $"the domain is in no sharing group, so it shares with nobody; the toolstack writes one to {DomainKeys.SharingGroup}");
    }

    private static async Task<Outcome> MoveAsync(IDomain domain, ISharing sharing, TargetRequest request, CancellationToken cancellation)
    {
        SharingCourse? course = null;
        while (true)
        {
            var status = await sharing.InspectAsync(cancellation);
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, SharingWords.Progress(status)));
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, SharingWords.Of(status));
            course = SharingCourse.See(course, info, request, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(course.LastNearer) >= StuckAfter)
                return Outcome.Short(info.Footprint, SharingWords.Eroded(status, info, request));
            var step = SharingCourse.Next(info, request, Batch);
            var moved = step > Pages.Zero
                ? await sharing.ShareAsync(step, cancellation)
                : await sharing.UnshareAsync(Pages.Zero - step, cancellation);
            if (moved == Pages.Zero)
                return await EndAsync(domain, sharing, request, cancellation);
        }
    }

    private static async Task<Outcome> EndAsync(IDomain domain, ISharing sharing, TargetRequest request, CancellationToken cancellation)
    {
        var status = await sharing.InspectAsync(cancellation);
        var info = await domain.InspectAsync(cancellation);
        return Outcome.Short(info.Footprint, SharingWords.End(status, info, request));
    }
}
