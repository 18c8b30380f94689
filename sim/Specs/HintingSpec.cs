namespace Actors.Sim.Specs;

/// <summary>What the guest reports about its pages.</summary>
internal sealed record HintingSpec
{
    /// <summary>Free page reporting; the guest does not do it when not given.</summary>
    public ReportingSpec? Reporting { get; init; }
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
}
