using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// Decides how fast <c>paging:gentle</c> lowers the target of the pager. Each step down is followed by a pause, and then the page-ins are
/// counted. Within the budget, the next step follows. Above it, the pager stays at the level. xenpaging chooses pages without knowledge of
/// the guest, one after the other (tools/xenpaging/policy_default.c), and those that the guest uses come back. So only when it has gone round
/// the memory once, every page that the guest does not use has had its turn. If there are still too many page-ins then, and they do not
/// become fewer, the guest needs the memory: the pager goes back up until it misses nothing, and stays there. The budget is that of Google's far
/// memory: 0.2 % of the memory in use per minute (Lagar-Cavilla
/// et al., "Software-Defined Far Memory in Warehouse-Scale Computers", ASPLOS 2019). Pure.
/// </summary>
internal static class GentleRules
{
    public const double BudgetPerMinute = 0.002;

    /// <summary>How many windows in a row are waited for without fewer page-ins.</summary>
    public const int Patience = 3;

    private const double FirstStep = 0.0025;
    private const double LargestStep = 0.05;

    // A step that brings too many page-ins at first is made smaller, but not smaller than this as long as they pass.
    private const double CautiousStep = 0.0025;

    // At exactly what the guest uses, almost every page that the pager chooses comes back.
    private const double Headroom = 0.02;

    // Less is a matter of chance.
    private const double Fewer = 0.95;

    // Below this, page-ins are noise and not a working set.
    private static readonly Pages AlwaysAllowed = new(60);

    /// <summary>The page-ins per minute that a guest of this size may suffer.</summary>
    public static Pages Budget(Kib footprint) => Pages.Max(AlwaysAllowed, new Pages((long)(footprint.ToPages().Value * BudgetPerMinute)));

    /// <summary>The state before anything was lowered, for a footprint above the target.</summary>
    public static GentleLevel Start(Kib footprint) => new(footprint, footprint, Part(footprint, FirstStep));

    /// <summary>The next level after the page-ins at the current one were counted.</summary>
    /// <param name="now">The current level.</param>
    /// <param name="target">The target of the domain.</param>
    /// <param name="pageInsPerMinute">The page-ins that were counted, per minute.</param>
    /// <param name="wentRound">Whether the pager has gone round the memory once.</param>
    public static GentleMove Next(GentleLevel now, Kib target, Pages pageInsPerMinute, bool wentRound)
    {
        if (pageInsPerMinute <= Budget(now.Level))
        {
            return now.TooLow is not null ? new GentleMove(GentleVerdict.Short, now)
                : now.Level <= target ? new GentleMove(GentleVerdict.Reached, now)
                : new GentleMove(GentleVerdict.Continue, Below(now, target));
        }
        if (now.Fewest is not { } fewest || pageInsPerMinute.Value < fewest.Value * Fewer)
            return new GentleMove(GentleVerdict.Continue, now with { Fewest = pageInsPerMinute, WindowsWithoutFewer = 0 });
        if (!wentRound)
            return new GentleMove(GentleVerdict.Continue, now);
        if (now.WindowsWithoutFewer + 1 < Patience)
            return new GentleMove(GentleVerdict.Continue, now with { WindowsWithoutFewer = now.WindowsWithoutFewer + 1 });
        return now.Level >= now.Ceiling
            ? new GentleMove(GentleVerdict.Short, now with { TooLow = now.TooLow ?? (now.Level, pageInsPerMinute) })
            : new GentleMove(GentleVerdict.Continue, Above(now, pageInsPerMinute));
    }

    // The level that was quiet before may have become too low as well, because the guest uses more memory now.
    private static GentleLevel Above(GentleLevel now, Pages pageInsPerMinute)
    {
        var level = Kib.Min(now.Ceiling, Kib.Max(now.Level, now.Quiet) + Part(now.Ceiling, Headroom));
        return new GentleLevel(now.Ceiling, level, now.Step) { TooLow = now.TooLow ?? (now.Level, pageInsPerMinute) };
    }

    private static GentleLevel Below(GentleLevel now, Kib target)
    {
        var step = now.Fewest is null ? Kib.Min(Part(now.Step, 2), Part(now.Ceiling, LargestStep)) : Kib.Max(Part(now.Step, 0.5), Part(now.Ceiling, CautiousStep));
        return new GentleLevel(now.Ceiling, Kib.Max(target, now.Level - now.Step), step) { Quiet = now.Level };
    }

    public static string HowReached(Kib start, DomainInfo now, Pages pageInsPerMinute) =>
        $"the pager went gently from {start} to {now.Footprint}, with {now.PagedPages.ToKib()} paged out and {PageIns.Rounded(pageInsPerMinute.Value)} page-ins per minute";

    /// <summary>The reason if the target cannot be reached gently.</summary>
    public static string WhyShort(GentleLevel level)
    {
        var (tooLow, pageIns) = level.TooLow!.Value;
        return $"at {tooLow} the guest brought {PageIns.Rounded(pageIns.Value)} pages per minute back in, and a gentle pager allows "
            + $"{PageIns.Rounded(Budget(tooLow).Value)} (0.2 % of the footprint): it needs that memory, so the pager stays at {level.Level}; a lower "
            + "footprint would make the guest slow: set a higher target, or use 'paging' without 'gentle' if that does not matter";
    }

    private static Kib Part(Kib amount, double part) => new((long)(amount.Value * part));
}
