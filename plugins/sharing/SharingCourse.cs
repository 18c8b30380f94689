using Actors.Sdk;

namespace Actors.Sharing;

/// <summary>Which way sharing goes next, and since when that has brought the footprint no nearer to its target. Pure.</summary>
/// <param name="Nearest">The least distance so far.</param>
/// <param name="LastNearer">The timestamp at which it was last seen to have become less.</param>
internal sealed record SharingCourse(Kib Nearest, long LastNearer)
{
    /// <summary>How many pages to share next; fewer than none: to unshare.</summary>
    public static Pages Next(DomainInfo info, TargetRequest request, Pages batch)
    {
        var distance = (info.Footprint - request.Target).ToPages();
        return Pages.Max(Pages.Zero - batch, Pages.Min(batch, distance));
    }

    public static SharingCourse See(SharingCourse? before, DomainInfo info, TargetRequest request, long timestamp)
    {
        var distance = (info.Footprint - request.Target).Abs();
        return before is null || distance < before.Nearest ? new SharingCourse(distance, timestamp) : before;
    }
}
