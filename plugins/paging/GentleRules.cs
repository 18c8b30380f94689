using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// Decides how fast <c>paging:gentle</c> lowers the target of the pager. After each step down it pauses and then counts the
/// page-ins. Within the budget, it takes the next step. Above it, the pager stays at the level. xenpaging does not know which pages the guest
/// uses and takes one after the other (tools/xenpaging/policy_default.c); those that the guest uses come back. So only a full pass over the
/// memory reaches every page that the guest does not use. If there are still too many page-ins after that, and they do not become fewer, the
/// guest needs the memory: the pager goes back up until the guest misses nothing, and stays there. The budget is that of Google's far memory:
/// 0.2 % of the memory in use per minute (Lagar-Cavilla et al., "Software-Defined Far Memory in Warehouse-Scale Computers", ASPLOS 2019). Pure.
/// </summary>
internal static class GentleRules
{
    public const double BudgetPerMinute = 0.002;

    /// <summary>The number of windows in a row to wait for fewer page-ins.</summary>
    public const int Patience = 3;

    private const double FirstStep = 0.0025;
    private const double LargestStep = 0.05;

    // If a step causes too many page-ins at first, the next one is smaller, but no smaller than this.
    private const double CautiousStep = 0.0025;

    /// <summary>How much higher the pager goes, as a part. If the guest has only what it uses, almost every page that the pager chooses comes back.</summary>
    public const double Headroom = 0.02;

    // A smaller decrease may be chance.
    private const double Fewer = 0.95;

    // Below this, page-ins are noise and not a working set.
    private static readonly Pages AlwaysAllowed = new(60);

    /// <summary>The page-ins per minute that are acceptable for a guest of this size.</summary>
    public static Pages Budget(Kib footprint) => Pages.Max(AlwaysAllowed, new Pages((long)(footprint.ToPages().Value * BudgetPerMinute)));

    /// <summary>The state before the first step down, for a footprint above the target.</summary>
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

    // The level that was quiet before may be too low now as well, because the guest uses more memory.
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
        $"the pager lowered the footprint gently from {start} to {now.Footprint}, with {now.PagedPages.ToKib()} paged out and {PageIns.Rounded(pageInsPerMinute.Value)} page-ins per minute";

    /// <summary>The reason if the target cannot be reached gently.</summary>
    public static string WhyShort(GentleRecord record) =>
        $"at {record.TooLow} the guest brought {PageIns.Rounded(record.PageInsPerMinute.Value)} pages per minute back in, and a gentle pager allows "
        + $"{PageIns.Rounded(Budget(record.TooLow).Value)} (0.2 % of the footprint): it needs that memory, so the pager stays at {record.Quiet}; a lower "
        + "footprint would make the guest slow: set a higher target, or use 'paging' without 'gentle' if that does not matter";

    private static Kib Part(Kib amount, double part) => new((long)(amount.Value * part));
}
