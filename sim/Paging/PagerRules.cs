using System.Globalization;
using Actors.Sdk;

namespace Actors.Sim.Paging;

/// <summary>What a pager does next: pages go out, come in, or rest where they are.</summary>
internal readonly record struct PagerStep(Pages Out, Pages In);

/// <summary>How xenpaging decides (tools/xenpaging/xenpaging.c), as functions of what it sees.</summary>
internal static class PagerRules
{
    /// <summary>Pages that it handles before it looks at requests again; 42 and 64 there, one number here.</summary>
    public static readonly Pages LargestBatch = new(64);

    /// <summary>
    /// Reads <c>memory/target-tot_pages</c>: KiB in spite of its name. Absent or 0: everything comes in. Negative or above
    /// what the domain may hold: as much as that.
    /// </summary>
    /// <returns>The target, or <see langword="null"/> when everything is to come in.</returns>
    public static Pages? Target(string? key, Pages maxPages)
    {
        if (!long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var kib) || kib == 0)
            return null;
        var pages = new Kib(kib).ToPages();
        return kib < 0 || pages > maxPages ? maxPages : pages;
    }

    public static PagerStep Next(Pages? target, Pages totPages, Pages pagedOut, Pages batch) => target switch
    {
        null => new(Pages.Zero, Pages.Min(batch, pagedOut)),
        { } goal when totPages > goal => new(Pages.Min(batch, totPages - goal), Pages.Zero),
        { } goal => new(Pages.Zero, Pages.Min(batch, Pages.Min(goal - totPages, pagedOut))),
    };
}
