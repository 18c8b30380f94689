using Actors.Sim.Memory;

namespace Actors.Sim.Costs;

/// <summary>
/// How many memory references a page walk needs. Under nested paging, the host walks its own tables for each of the g + 1 guest-physical
/// addresses of a guest's walk: for the g tables, and for the data. So there are g + Σhᵢ references.
/// </summary>
internal static class PageWalks
{
    /// <summary>The levels that are walked for a page of 4 KiB on x86 with four-level paging.</summary>
    public const int SmallLevels = 4;

    /// <summary>The levels that are walked for a page of 2 MiB.</summary>
    public const int LargeLevels = 3;

    /// <summary>The levels that are walked for a page of 1 GiB.</summary>
    public const int GiantLevels = 2;

    /// <summary>The references of a walk with 4 KiB pages everywhere, to which <see cref="Specs.CostSpec.PageWalk"/> refers.</summary>
    public const int Full = 24;

    /// <summary>The references of a walk of g guest levels, when the host walks so many levels for each table and for the data.</summary>
    public static double References(int guestLevels, double hostLevelsOfTables, double hostLevelsOfData) =>
        guestLevels + (guestLevels * hostLevelsOfTables) + hostLevelsOfData;

    /// <summary>The references of a walk without nested paging, as in a paravirtualised guest.</summary>
    public static int Native(int guestLevels) => guestLevels;

    /// <summary>The average references of a walk in the working set of a guest.</summary>
    /// <param name="shares">How its memory is mapped.</param>
    /// <param name="hugePages">Whether it uses 2 MiB pages where it can.</param>
    /// <param name="contiguousTables">Whether its page tables lie together; otherwise they are spread like the rest of its memory.</param>
    public static double Average(in MappingShares shares, bool hugePages, bool contiguousTables)
    {
        var huge = hugePages ? shares.HotHuge : 0;
        var both = hugePages ? shares.HotBoth : 0;
        var tables = contiguousTables ? LargeLevels : SmallLevels - shares.HostWhole;
        // Each 2 MiB page of the host takes one level from the walk to the data.
        return (huge * References(LargeLevels, tables, SmallLevels)) - both
            + ((1 - huge) * References(SmallLevels, tables, SmallLevels)) - (shares.HotWhole - both);
    }

    /// <summary>The references of a walk in a guest whose memory is all mapped with 2 MiB pages by the host.</summary>
    public static double Undisturbed(bool hugePages) =>
        References(hugePages ? LargeLevels : SmallLevels, LargeLevels, LargeLevels);
}
