using System.Text.Json;

namespace Actors.Sim.Studies;

/// <summary>What a study can show about a run, of one domain or of the host.</summary>
internal enum Measure
{
    /// <summary>The part of the useful work that was lost; of the host: of all domains.</summary>
    SlowDown,

    /// <summary>The slow-down that is exceeded in one of twenty seconds.</summary>
    SlowDownP95,

    /// <summary>The part of the work that was lost to the guest's own swap.</summary>
    LostSwap,

    /// <summary>The part of the work that was lost to page-ins of the host.</summary>
    LostPageIn,

    /// <summary>The part of the work that was lost to copy-on-write.</summary>
    LostCopyOnWrite,

    /// <summary>The part of the work that was lost to page walks.</summary>
    LostWalks,

    /// <summary>The part of the work that was lost to the balloon driver.</summary>
    LostBalloon,

    /// <summary>The part of the work that was lost to files that were evicted from the guest's cache and read again.</summary>
    LostFileReads,

    /// <summary>The part of the work that was lost to files that the host had discarded and that the guest read again.</summary>
    LostDiscardReads,

    /// <summary>The part of the work that was lost to hints, and to frames for pages that the host had discarded.</summary>
    LostHinting,

    /// <summary>The footprint at the end.</summary>
    Footprint,

    /// <summary>The average footprint.</summary>
    FootprintMean,

    /// <summary>The smallest footprint.</summary>
    FootprintLeast,

    /// <summary>How much the pager has paged out at the end.</summary>
    PagedOut,

    /// <summary>How much came back because the guest touched it.</summary>
    PagedIn,

    /// <summary>How much of what the guest counts as its memory the host has discarded at the end.</summary>
    Discarded,

    /// <summary>How much the guest has volunteered at the end: unused and volatile pages that the host could discard.</summary>
    Volunteered,

    /// <summary>The part of the guest's 2 MiB chunks that are mapped with one page at the end.</summary>
    Superpages,

    /// <summary>The average memory references of a page walk at the end.</summary>
    WalkReferences,

    /// <summary>How much the guest has copied to make superpages.</summary>
    Copied,

    /// <summary>How long the balloon took to its last target.</summary>
    BalloonTime,

    /// <summary>The part of the domain's memory that is on its own NUMA node at the end.</summary>
    Local,

    /// <summary>How many guests are running at the end.</summary>
    Guests,

    /// <summary>The claims of toolstacks that build domains: those that were granted.</summary>
    ClaimsGranted,

    /// <summary>The claims that were refused.</summary>
    ClaimsRefused,

    /// <summary>The claims that were refused although there was enough memory.</summary>
    FalseNegatives,

    /// <summary>The domains that outgrew their max_mem between the moments when a toolstack read their size and set it.</summary>
    ClaimRaces,

    /// <summary>The domains that could not be filled because others had taken the memory meanwhile.</summary>
    BuildsFailed,

    /// <summary>How long the balloons of all guests together were kept from growing by max_mem, although the host had memory for them.</summary>
    BlockedByMaxMem,

    /// <summary>How many times the hypervisor reported that it is low on memory.</summary>
    LowMemory,

    /// <summary>The memory that all domains and shared pages used at most.</summary>
    UsedMost,

    /// <summary>The memory that all domains and shared pages used on average.</summary>
    UsedMean,
}

/// <summary>The names, units and kinds of measures.</summary>
internal static class Measures
{
    /// <summary>What is shown when a study does not say.</summary>
    public static readonly IReadOnlyList<Measure> Standard = [Measure.SlowDown, Measure.SlowDownP95, Measure.Footprint];

    public static string NameOf(Measure measure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(measure.ToString());

    public static string UnitOf(Measure measure) => measure switch
    {
        Measure.WalkReferences or Measure.Guests or Measure.ClaimsGranted or Measure.ClaimsRefused or Measure.FalseNegatives or Measure.ClaimRaces
            or Measure.BuildsFailed or Measure.LowMemory => "",
        Measure.BalloonTime or Measure.BlockedByMaxMem => "s",
        Measure.Footprint or Measure.FootprintMean or Measure.FootprintLeast or Measure.PagedOut or Measure.PagedIn or Measure.Discarded
            or Measure.Volunteered or Measure.Copied
            or Measure.UsedMost or Measure.UsedMean => "MiB",
        _ => "%",
    };

    /// <summary>Whether the host has this measure.</summary>
    public static bool IsOfHost(Measure measure) => measure == Measure.SlowDown || !IsOfDomain(measure);

    /// <summary>Whether domains have this measure.</summary>
    public static bool IsOfDomain(Measure measure) => measure is not (Measure.UsedMost or Measure.UsedMean or Measure.Guests or Measure.ClaimsGranted
        or Measure.ClaimsRefused or Measure.FalseNegatives or Measure.ClaimRaces or Measure.BuildsFailed or Measure.BlockedByMaxMem or Measure.LowMemory);

    /// <summary>Whether it exists only in worlds that simulate superpages.</summary>
    public static bool NeedsSuperpages(Measure measure) => measure is Measure.Superpages or Measure.WalkReferences or Measure.Copied;
}
