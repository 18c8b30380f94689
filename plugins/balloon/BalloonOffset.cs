using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// The memory that a domain holds in addition to its balloon target: video memory, and what its builder allocated. It stays constant for the
/// life of the domain, so it is learned once, from the target that the toolstack has set (like squeezed's <c>memory/memory-offset</c>). Pure.
/// </summary>
internal static class BalloonOffset
{
    // A larger difference is not an offset: the guest was still moving, it has no driver, or another program wrote the key.
    private static readonly Kib Max = Kib.FromMiB(32);

    /// <param name="populated">The memory of the guest, as the hypervisor reports it.</param>
    /// <param name="target">The value of <c>memory/target</c>, if there is one.</param>
    /// <param name="video">The value of <c>memory/videoram</c>.</param>
    public static Kib Learn(Kib populated, Kib? target, Kib video) =>
        target is { } current && IsPlausible(populated - current, video) ? populated - current : video;

    /// <summary>Whether a value can be an offset. With a wrong one, the balloon target would be below what the guest needs.</summary>
    public static bool IsPlausible(Kib offset, Kib video) => (offset - video).Abs() <= Max;
}
