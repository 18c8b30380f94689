using Actors.Sdk;

namespace Actors.Paging;

/// <summary>How far <c>paging:gentle</c> has come.</summary>
/// <param name="Ceiling">The footprint at the start. The pager never goes above it.</param>
/// <param name="Level">The target that the pager has now.</param>
/// <param name="Step">The size of the next step down.</param>
internal sealed record GentleLevel(Kib Ceiling, Kib Level, Kib Step)
{
    /// <summary>The lowest level above this one at which the page-ins stayed within the budget.</summary>
    public Kib Quiet { get; init; } = Level;

    /// <summary>The fewest page-ins per minute in a window at this level; <see langword="null"/> while none was above the budget.</summary>
    public Pages? Fewest { get; init; }

    /// <summary>How many windows have passed since then.</summary>
    public int WindowsWithoutFewer { get; init; }

    /// <summary>The level that was too low, with the page-ins per minute there; <see langword="null"/> while none was.</summary>
    public (Kib Level, Pages PageInsPerMinute)? TooLow { get; init; }
}

/// <summary>What <c>paging:gentle</c> does next.</summary>
internal enum GentleVerdict
{
    /// <summary>The pager gets the level, which may be the one that it has, and the page-ins are counted again.</summary>
    Continue,

    /// <summary>The target is reached, and the page-ins are within the budget.</summary>
    Reached,

    /// <summary>The pager stays at the level, because below it the guest misses its pages.</summary>
    Short,
}

/// <summary>What <c>paging:gentle</c> does next, and at which level.</summary>
internal readonly record struct GentleMove(GentleVerdict Verdict, GentleLevel Level);
