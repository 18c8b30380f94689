using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>Decides when a paged guest thrashes: for some time, it brings back so many pages that it does little else. Pure.</summary>
internal static class ThrashingRules
{
    /// <summary>The limit per minute, as a part of the footprint. Google's far memory allows a fifth of that for a guest that must not suffer.</summary>
    public const double LimitPerMinute = 0.01;

    /// <summary>Below this rate a guest does not suffer, however small it is.</summary>
    public const long AlwaysAllowed = 50;

    // Right after the footprint was lowered, the guest brings back pages that the pager chose badly.
    private const int Certain = 3;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    // Otherwise every check would write the state.
    private const double SameRate = 1.5;

    /// <summary>The rate after another count.</summary>
    /// <param name="before">The rate before.</param>
    /// <param name="counted">The page-ins since the domain was built; <see langword="null"/> if nothing is paged out, or the pager does not count.</param>
    /// <param name="footprint">The footprint of the domain.</param>
    /// <param name="now">The time of the count.</param>
    public static PageInRate Next(PageInRate before, Pages? counted, Kib footprint, DateTimeOffset now)
    {
        if (counted is not { } count)
            return PageInRate.Unknown;
        if (before.Counted is not { } last || count < last)
            return PageInRate.Unknown with { Counted = count, At = now };
        if (now - before.At < Shortest)
            return before;
        var perSecond = (count - last).Value / (now - before.At).TotalSeconds;
        var limit = Limit(footprint);
        var next = before with { Counted = count, At = now };
        if (perSecond < (before.Thrashing > 0 ? limit / 2 : limit))
            return next with { Above = 0, Thrashing = 0 };
        return before.Above + 1 < Certain ? next with { Above = before.Above + 1 }
            : next with { Above = Certain, Thrashing = IsAbout(perSecond, before.Thrashing) ? before.Thrashing : Rounded(perSecond) };
    }

    /// <summary>The number of page-ins per second at which a guest begins to thrash.</summary>
    public static double Limit(Kib footprint) => Math.Max(AlwaysAllowed, footprint.ToPages().Value * LimitPerMinute / 60);

    private static bool IsAbout(double perSecond, long shown) => shown > 0 && perSecond < shown * SameRate && perSecond > shown / SameRate;

    // Two significant digits.
    private static long Rounded(double perSecond)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(perSecond)) - 1));
        return (long)(Math.Round(perSecond / unit) * unit);
    }
}
