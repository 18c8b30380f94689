using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Whether a guest moves towards its target, and since when it does not. Pure.</summary>
/// <param name="Start">Where it was in the beginning.</param>
/// <param name="Target">Where it should go.</param>
/// <param name="LastMoved">The timestamp at which it was last seen to have moved.</param>
internal sealed record Motion(Kib Start, Kib Target, long LastMoved)
{
    private Kib Nearest { get; init; } = (Start - Target).Abs();

    public Motion See(Kib populated, long timestamp)
    {
        var distance = (populated - Target).Abs();
        return distance < Nearest ? this with { Nearest = distance, LastMoved = timestamp } : this;
    }

    public string WhyStuck(Kib populated)
    {
        var rest = (populated - Target).Abs();
        return (populated - Start).Abs() < new Kib(1024)
            ? "the guest does not move: it has no balloon driver, or the driver is stuck; look at the guest's console, or let paging act (HVM, PVH)"
            : $"the guest's balloon driver stopped at {populated}, {rest} {(populated > Target ? "above" : "below")} the target: "
              + (populated > Target ? "it has no more to give" : "the host has no more free memory, or the driver gave up");
    }
}
