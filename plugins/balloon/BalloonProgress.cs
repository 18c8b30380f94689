using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Whether a guest moves towards its target, and when it last did. Pure.</summary>
/// <param name="Start">The memory of the guest at the start.</param>
/// <param name="Target">The requested footprint.</param>
/// <param name="LastMoved">The timestamp of the last check that found the guest nearer to its target.</param>
internal sealed record BalloonProgress(Kib Start, Kib Target, long LastMoved)
{
    // Smaller changes do not come from the driver: the toolstack maps pages and returns them.
    private static readonly Kib Noise = Kib.FromMiB(1);

    private Kib Nearest { get; init; } = (Start - Target).Abs();

    public BalloonProgress Observe(Kib populated, long timestamp)
    {
        var distance = (populated - Target).Abs();
        return distance < Nearest ? this with { Nearest = distance, LastMoved = timestamp } : this;
    }

    /// <summary>Whether the guest has not moved at all.</summary>
    public bool NeverMoved(Kib populated) => (populated - Start).Abs() < Noise;

    /// <summary>Why the guest stopped, or why it never moved.</summary>
    /// <param name="populated">The memory of the guest now.</param>
    /// <param name="feature">The value of <c>control/feature-balloon</c>; <see langword="null"/> if the guest has not published it.</param>
    public string WhyStuck(Kib populated, string? feature)
    {
        if (NeverMoved(populated))
        {
            return (feature is null
                    ? $"the guest does not react and never published {DomainKeys.FeatureBalloon} (under xl, guests cannot): it has no balloon driver, or the driver is stuck"
                    : $"the guest does not react, although it published {DomainKeys.FeatureBalloon}: its balloon driver is stuck")
                + "; check the guest's console, or use paging (HVM, PVH)";
        }
        var rest = (populated - Target).Abs();
        return $"the guest's balloon driver stopped at {populated}, {rest} {(populated > Target ? "above" : "below")} the target: "
            + (populated > Target ? "the guest cannot free more" : "the host has no free memory left, or the driver gave up");
    }
}
