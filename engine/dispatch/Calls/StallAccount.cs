using Actors.Sdk;

namespace Actors.Dispatch.Calls;

/// <summary>The time without progress that is left. Pure.</summary>
/// <param name="Target">The target of the footprint.</param>
/// <param name="Left">The time that is left.</param>
internal sealed record StallAccount(Kib Target, TimeSpan Left)
{
    // Otherwise one page per check would count as progress forever.
    private static readonly Kib LeastProgress = new(256);

    private Kib? Best { get; init; }

    public bool Empty => Left <= TimeSpan.Zero;

    public StallAccount Charge(Kib footprint, TimeSpan elapsed)
    {
        var distance = (footprint - Target).Abs();
        if (Best is not { } best)
            return this with { Best = distance };
        return distance + LeastProgress <= best
            ? this with { Best = distance }
            : this with { Left = Left - elapsed };
    }
}
