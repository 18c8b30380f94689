using Actors.Sdk;

namespace Actors.Sharing;

/// <summary>The next step of sharing, and when a step last brought the footprint nearer to its target. Pure.</summary>
/// <param name="Nearest">The smallest distance from the target so far.</param>
/// <param name="LastNearer">The timestamp at which that distance last became smaller.</param>
internal sealed record SharingProgress(Kib Nearest, long LastNearer)
{
    /// <summary>The number of pages to share next; a negative number of pages is unshared.</summary>
    public static Pages Next(DomainInfo info, TargetRequest request, Pages batch)
    {
        var distance = (info.Footprint - request.Target).ToPages();
        return Pages.Max(Pages.Zero - batch, Pages.Min(batch, distance));
    }

    public static SharingProgress Observe(SharingProgress? before, DomainInfo info, TargetRequest request, long timestamp)
    {
        var distance = (info.Footprint - request.Target).Abs();
        return before is null || distance < before.Nearest ? new SharingProgress(distance, timestamp) : before;
    }
}
