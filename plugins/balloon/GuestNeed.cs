using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// How small a guest may become according to its own reports. Reports lag behind a balloon that moves, so the need is computed from what
/// the guest uses, which the balloon does not change. Pure.
/// </summary>
internal static class GuestNeed
{
    // A guest that waited for memory for more than this share of the time is near its end.
    private const double MostStalled = 0.1;

    /// <summary>
    /// The least footprint that the balloon leaves to the guest. A guest cannot raise it above what it has: it can refuse to give memory,
    /// but it cannot get any.
    /// </summary>
    /// <param name="report">The guest's newest report.</param>
    /// <param name="first">The guest's report at the start of the run.</param>
    /// <param name="start">What the hypervisor reported at the start of the run.</param>
    public static Kib Least(GuestReport report, GuestReport first, DomainInfo start)
    {
        // Memory that the guest holds but its kernel does not manage: the kernel's own image and tables, and everything outside the balloon.
        var unmanaged = start.Populated - first.Total;
        var used = report.Used + unmanaged;
        // Programs request more than they use, so what they requested protects no more than half of what is available.
        var requested = (report.Committed ?? Kib.Zero) + (report.Kernel ?? Kib.Zero) + unmanaged;
        var need = Kib.Max(used, Kib.Min(requested, used + new Kib(report.Available.Value / 2)));
        return Kib.Min(start.Populated, RoundUp(need + Relief.Headroom(need)));
    }

    // Otherwise the target would change with every report.
    private static Kib RoundUp(Kib amount) => Kib.FromMiB((amount.Value + 1023) / 1024);

    /// <summary>Why the guest is about to run out of memory; <see langword="null"/> if it is not.</summary>
    /// <param name="report">The guest's newest report.</param>
    /// <param name="before">The report before it; the same one if there is none.</param>
    /// <param name="between">The time between the two.</param>
    public static string? NearItsEnd(GuestReport report, GuestReport before, TimeSpan between)
    {
        if (report.Available < new Kib(Relief.Headroom(report.Total).Value / 2))
            return $"it reports only {report.Available} available of {report.Total}";
        if (report is { SwapTotal: { } swap, SwapFree: { } left } && before.SwapFree is { } had && left < had && left < new Kib(swap.Value / 16))
            return $"it reports only {left} of its {swap} of swap left";
        if (report.Stalled - before.Stalled is { } stalled && between > TimeSpan.Zero && stalled / between > MostStalled)
            return $"it reports that its tasks waited for memory {Math.Min(100, stalled / between * 100):0} % of the time";
        return null;
    }
}
