using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Hinting;

/// <summary>What one pass of Linux's free page reporting does (page_reporting_process_zone and page_reporting_cycle), as a pure function.</summary>
internal static class ReportingRules
{
    private const int PartOfList = 16;

    /// <summary>Whether the guest has so little free memory that the pass is skipped.</summary>
    public static bool Skips(Pages free, Pages lowWatermark, ReportingSpec spec) => free.Value < lowWatermark.Value + ((long)spec.Capacity << spec.Order);

    /// <summary>
    /// The most blocks of one free list that a pass reports: whole batches for a sixteenth of the list, and one more batch.
    /// </summary>
    /// <param name="blocks">How many blocks are on the list, reported or not.</param>
    /// <param name="capacity">The blocks in a batch.</param>
    public static long Budget(long blocks, int capacity) => (((blocks + (capacity * PartOfList) - 1) / (capacity * PartOfList)) + 1) * capacity;

    /// <summary>Chooses the blocks that a pass reports.</summary>
    /// <returns>The blocks, and whether some were left for the next pass.</returns>
    public static (IReadOnlyList<FreeBlock> Reported, bool Exhausted) Pass(IEnumerable<FreeBlock> blocks, ReportingSpec spec)
    {
        var (reported, exhausted) = (new List<FreeBlock>(), false);
        foreach (var list in blocks.GroupBy(block => block.Order).OrderBy(list => list.Key))
        {
            var unreported = list.Where(block => block.Unreported > 0).ToList();
            var budget = Budget(list.Count(), spec.Capacity);
            exhausted |= unreported.Count > budget;
            reported.AddRange(unreported.Take((int)Math.Min(budget, int.MaxValue)));
        }
        return (reported, exhausted);
    }
}
