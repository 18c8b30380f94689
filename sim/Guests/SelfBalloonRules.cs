namespace Actors.Sim.Guests;

/// <summary>What a kernel that balloons itself knows, in pages of 4 KiB.</summary>
/// <param name="Total">Its size now (totalram_pages).</param>
/// <param name="Reserve">The kernel's reserve (totalreserve_pages).</param>
/// <param name="Most">The size with which it can boot at most (max_pfn).</param>
/// <param name="Committed">What its tasks have committed (vm_committed_as).</param>
/// <param name="Reserved">What it keeps beside that.</param>
/// <param name="MinUsable">What it keeps above its reserve, instead of the floor by its size; zero when not set.</param>
internal readonly record struct SelfBalloonView(ulong Total, ulong Reserve, ulong Most, ulong Committed, ulong Reserved = 0, ulong MinUsable = 0);

/// <summary>The self-ballooning laws as pure functions, with the arithmetic of the programs, which divide and wrap round as integers.</summary>
internal static class SelfBalloonRules
{
    private const ulong PagesPerMib = 256;
    private const long BytesPerMib = 1L << 20;

    /// <summary>The next target of a kernel (selfballoon_process in drivers/xen/xen-selfballoon.c).</summary>
    /// <param name="view">What it knows.</param>
    /// <param name="floor">Below this it never goes; a smaller guest grows to it.</param>
    /// <param name="down">Which part of the way down it goes at once: one of so many.</param>
    /// <param name="up">Which part of the way up.</param>
    public static ulong KernelTarget(in SelfBalloonView view, ulong floor, ulong down = 8, ulong up = 1)
    {
        var goal = view.Committed + view.Reserve + view.Reserved;
        var target = view.Total > goal ? view.Total - ((view.Total - goal) / down) : view.Total + ((goal - view.Total) / up);
        return Math.Max(target, floor);
    }

    /// <summary>The floor of a kernel, which depends on its largest size. One below 16 MiB of usable memory does not balloon.</summary>
    public static ulong KernelFloor(in SelfBalloonView view)
    {
        if (view.MinUsable > 0)
            return view.Reserve + view.MinUsable;
        var usable = view.Most - view.Reserve;
        return usable switch
        {
            < 16 * PagesPerMib => view.Most,
            < 64 * PagesPerMib => view.Reserve + (16 * PagesPerMib) + ((usable - (16 * PagesPerMib)) / 2),
            < 512 * PagesPerMib => view.Reserve + (40 * PagesPerMib) + ((usable - (40 * PagesPerMib)) / 8),
            _ => view.Reserve + (99 * PagesPerMib) + ((usable - (99 * PagesPerMib)) / 32),
        };
    }

    /// <summary>The next target of xenballoond, in bytes. It moves towards what is committed, and never towards less than the floor.</summary>
    public static long DaemonTarget(long totalBytes, long committedBytes, long floorBytes, long down = 10, long up = 1)
    {
        var goal = Math.Max(committedBytes, floorBytes);
        return totalBytes > goal ? totalBytes - ((totalBytes - goal) / down) : totalBytes + ((goal - totalBytes) / up);
    }

    /// <summary>The floor of xenballoond for a guest of a size, in bytes; also that of the mail of 2008 (minimum_target).</summary>
    public static long DaemonFloor(long mostBytes)
    {
        var most = mostBytes / BytesPerMib;
        return BytesPerMib * most switch
        {
            < 125 => 8 + (most / 2),
            < 500 => 40 + (most / 4),
            < 2000 => 104 + (most / 8),
            _ => 296 + (most / 32),
        };
    }
}
