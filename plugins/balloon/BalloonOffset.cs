using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// What a domain holds besides its balloon's target: video memory, and what was allocated for it when it was built. A constant of
/// the domain's life, so it is learned once, from the target that the toolstack had set (as squeezed's <c>memory/memory-offset</c>). Pure.
/// </summary>
internal static class BalloonOffset
{
    // More than that is no offset: the guest was on its way somewhere, or never had a driver; or somebody wrote it.
    private static readonly Kib Most = Kib.FromMiB(32);

    /// <param name="populated">What the guest has, by the hypervisor's word.</param>
    /// <param name="target">Its <c>memory/target</c>, if it has one.</param>
    /// <param name="video">Its <c>memory/videoram</c>.</param>
    public static Kib Learn(Kib populated, Kib? target, Kib video) =>
        target is { } asked && Plausible(populated - asked, video) ? populated - asked : video;

    /// <summary>Whether it can be one; with another, the guest would be asked for less than it needs.</summary>
    public static bool Plausible(Kib offset, Kib video) => (offset - video).Abs() <= Most;
}
