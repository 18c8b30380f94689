using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>How fast a paged guest brings its pages back in. Immutable.</summary>
internal sealed record PageInRate
{
    public static readonly PageInRate Unknown = new();

    /// <summary>The page-ins since the domain was built, at the last count; <see langword="null"/> before the first one.</summary>
    public Pages? Counted { get; init; }

    /// <summary>The time of the last count.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The number of counts in a row that were above the limit.</summary>
    public int Above { get; init; }

    /// <summary>The page-ins per second with two significant digits, if the guest thrashes; otherwise 0.</summary>
    public long Thrashing { get; init; }
}
