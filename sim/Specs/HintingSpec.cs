using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>What the guest reports about its pages.</summary>
internal sealed record HintingSpec
{
    /// <summary>Free page reporting; the guest does not do it when not given.</summary>
    public ReportingSpec? Reporting { get; init; }

    /// <summary>Collaborative memory management; the guest does not do it when not given.</summary>
    public CmmaSpec? Cmma { get; init; }
}

/// <summary>Linux's free page reporting (mm/page_reporting.c). Its own values are the defaults.</summary>
internal sealed record ReportingSpec
{
    /// <summary>The largest block that Linux's allocator keeps: 4 MiB.</summary>
    public const int LargestOrder = 10;

    /// <summary>The smallest block that is reported, as a power of two of pages (pageblock_order: 2 MiB).</summary>
    public int Order { get; init; } = 9;

    /// <summary>How long after a free, and after the pass before, a pass begins (PAGE_REPORTING_DELAY).</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many blocks are reported at once (PAGE_REPORTING_CAPACITY).</summary>
    public int Capacity { get; init; } = 32;

    /// <summary>
    /// The part of the chunks in which some page stays in use, so that they are never free as a whole. A free parameter: the world does not simulate what
    /// fragments a guest's memory.
    /// </summary>
    public double Fragmented { get; init; }
}

/// <summary>
/// A guest that marks each page as stable, unused, volatile or potentially volatile (the CMMA of z/VM, and the patches "guest page hinting" for Linux).
/// </summary>
internal sealed record CmmaSpec
{
    /// <summary>How long a page of the file cache stays dirty before it is written back (Linux's dirty_expire_centisecs).</summary>
    public TimeSpan Writeback { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much of a file is clean or dirty as a whole. It matters only where the host discards 2 MiB at a time. A free parameter: 4 KiB is a file that is
    /// written at random.
    /// </summary>
    public Kib Extent { get; init; } = Kib.FromMiB(2);
}
