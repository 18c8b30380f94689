using Actors.Sdk;
using Actors.Sim.Guests;
using Actors.Sim.Specs;

namespace Actors.Sim.Replays;

/// <summary>
/// What a guest needed over time. A guest that reported says so: what it uses and cannot give up, without its kernel, and with what it
/// had swapped. Of a guest that did not, only the footprint is known; it is taken to need all of it.
/// </summary>
internal static class RecordedNeed
{
    /// <summary>
    /// How many samples ahead the footprint of a guest without reports is looked at: it cannot have needed what it gave up a moment
    /// later, and a balloon driver gives nothing up that is needed.
    /// </summary>
    private const int Ahead = 2;

    /// <summary>The working set.</summary>
    /// <param name="life">The domain.</param>
    /// <param name="spec">The domain in the replay.</param>
    public static Shape WorkingSet(RecordedLife life, DomainSpec spec)
    {
        // A driver leaves the kernel's reserve free, so it could not have come to where it was if that had been needed, too.
        var others = spec.Offset + spec.Guest.KernelNeed(spec.Memory) + KernelReserve.Of(spec.Memory).Total.ToKib();
        return Over(life, index => ReportedNeed(life, index) ?? Kib.Max(Kib.Zero, Held(life, index) - others));
    }

    /// <summary>The file cache, as far as the guest reported it.</summary>
    public static Shape FileCache(RecordedLife life) => Over(life, index => life.Rows[index].Row.Report?.Cached ?? Kib.Zero);

    private static Kib? ReportedNeed(RecordedLife life, int index)
    {
        if (life.Rows[index].Row is not { Report: { } report, Footprint: var footprint } row)
            return null;
        // A guest can report anything, but it cannot use more than it has.
        var has = footprint + row.PagedOut;
        var used = Kib.Min(report.Total, has) - Kib.Min(report.Available, Kib.Min(report.Total, has));
        var swapped = report is { SwapTotal: { } swap, SwapFree: { } free } && free < swap ? swap - free : Kib.Zero;
        return Kib.Max(Kib.Zero, used - (report.Kernel ?? Kib.Zero)) + swapped;
    }

    private static Kib Held(RecordedLife life, int index) => Enumerable.Range(index, Math.Min(Ahead + 1, life.Rows.Count - index))
        .Select(at => life.Rows[at].Row.Footprint + life.Rows[at].Row.PagedOut).Aggregate(Kib.Min);

    private static RecordedShape Over(RecordedLife life, Func<int, Kib> amount)
    {
        var points = new List<(TimeSpan Moment, Kib Amount)>();
        for (var index = 0; index < life.Rows.Count; index++)
        {
            var now = amount(index);
            if (points.Count == 0 || points[^1].Amount != now)
                points.Add((life.Rows[index].At - life.Begin, now));
        }
        return new RecordedShape(points);
    }
}
