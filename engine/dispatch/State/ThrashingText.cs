using System.Globalization;

namespace Actors.Dispatch.State;

/// <summary>Describes a guest that thrashes.</summary>
internal static class ThrashingText
{
    /// <summary>What would help.</summary>
    public const string Advice = "the guest uses memory that is paged out, and waits for the disk: set a higher target or floor, or let it be paged gently "
        + "(actor key 'paging:gentle', policy 'balloon-then-gentle-paging')";

    /// <summary>The rate, for example <c>1,200 page-ins/s</c>.</summary>
    public static string Rate(long perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:N0} page-ins/s");

    /// <summary>The outcome of a state, for example <c>reached, and thrashing: 1,200 page-ins/s</c>.</summary>
    public static string Outcome(StateKey state) => state.PageIns == 0 ? state.Outcome : $"{state.Outcome}, and thrashing: {Rate(state.PageIns)}";
}
