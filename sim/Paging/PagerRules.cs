using System.Globalization;
using Actors.Sdk;

namespace Actors.Sim.Paging;

/// <summary>What a pager does next: it pages out, it pages in, or it does nothing.</summary>
internal readonly record struct PagerStep(Pages Out, Pages In);

/// <summary>The decisions of xenpaging (tools/xenpaging/xenpaging.c) as pure functions.</summary>
internal static class PagerRules
{
    /// <summary>How many pages it handles before it checks requests again: 42 and 64 in xenpaging, one number here.</summary>
    public static readonly Pages LargestBatch = new(64);

    /// <summary>
    /// Reads <c>memory/target-tot_pages</c>, which is in KiB despite its name. Missing or 0: everything is paged in. Negative or above
    /// what the domain may hold: the target is what the domain may hold.
    /// </summary>
    /// <returns>The target, or <see langword="null"/> when everything must be paged in.</returns>
    public static Pages? Target(string? key, Pages maxPages)
    {
        if (!long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var kib) || kib == 0)
            return null;
        var pages = new Kib(kib).ToPages();
        return kib < 0 || pages > maxPages ? maxPages : pages;
    }

    public static PagerStep Next(Pages? target, Pages totPages, Pages pagedOut, Pages mostOut, Pages mostIn) => target switch
    {
        null => new(Pages.Zero, Pages.Min(mostIn, pagedOut)),
        { } goal when totPages > goal => new(Pages.Min(mostOut, totPages - goal), Pages.Zero),
        { } goal => new(Pages.Zero, Pages.Min(mostIn, Pages.Min(goal - totPages, pagedOut))),
    };
}
