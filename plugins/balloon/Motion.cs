using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Whether a guest moves towards its target, and since when it does not. Pure.</summary>
/// <param name="Start">Where it was in the beginning.</param>
/// <param name="Target">Where it should go.</param>
/// <param name="LastMoved">The timestamp at which it was last seen to have moved.</param>
internal sealed record Motion(Kib Start, Kib Target, long LastMoved)
{
    // Less is not the driver's doing: a page that the toolstack maps or gives back.
    private static readonly Kib Noise = Kib.FromMiB(1);

    private Kib Nearest { get; init; } = (Start - Target).Abs();

    public Motion See(Kib populated, long timestamp)
    {
        var distance = (populated - Target).Abs();
        return distance < Nearest ? this with { Nearest = distance, LastMoved = timestamp } : this;
    }

    /// <summary>Whether it never moved at all.</summary>
    public bool NeverMoved(Kib populated) => (populated - Start).Abs() < Noise;

    /// <summary>Why it stopped, or never moved.</summary>
    /// <param name="populated">Where it is.</param>
    /// <param name="feature">What it published in <c>control/feature-balloon</c>; <see langword="null"/> when nothing.</param>
    public string WhyStuck(Kib populated, string? feature)
    {
        if (NeverMoved(populated))
        {
            return (feature is null
                    ? $"the guest does not move and never published {DomainKeys.FeatureBalloon} (under xl no guest can): it has no balloon driver, or the driver is stuck"
                    : $"the guest does not react, although it published {DomainKeys.FeatureBalloon}: its balloon driver is stuck")
                + "; look at the guest's console, or let paging act (HVM, PVH)";
        }
        var rest = (populated - Target).Abs();
        return $"the guest's balloon driver stopped at {populated}, {rest} {(populated > Target ? "above" : "below")} the target: "
            + (populated > Target ? "it has no more to give" : "the host has no more free memory, or the driver gave up");
    }
}
