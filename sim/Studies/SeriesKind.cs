namespace Actors.Sim.Studies;

/// <summary>What is recorded over time.</summary>
internal enum SeriesKind
{
    /// <summary>The footprint, in MiB; of the host: all memory that is not free.</summary>
    Footprint,

    /// <summary>The target, in MiB: the one of the policy, and where there is none, that of the balloon as a footprint.</summary>
    Target,

    /// <summary>What the pager has paged out, in MiB.</summary>
    PagedOut,

    /// <summary>The guest's memory that is not mapped with 2 MiB pages, in MiB; only where superpages are simulated.</summary>
    Shattered,

    /// <summary>The part of the useful work that was lost, in percent; of the host: of all domains.</summary>
    SlowDown,
}
