using Actors.Sdk;

namespace VendorNamespace;

/// <summary>
/// The settings of this plugin. Each property is a key below <c>settings</c> in <c>plugin.yaml</c>: <c>CheckInterval</c> is <c>check_interval</c>.
/// What a property throws is reported with file, line and column.
/// </summary>
public sealed record Settings
{
    /// <summary>How often the footprint is read: <c>check_interval: 250ms</c>.</summary>
    public TimeSpan CheckInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the actor waits for a busy guest, and for progress: <c>stuck_after: 30s</c>.</summary>
    public TimeSpan StuckAfter { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>How much memory of all domains together may be paged out: <c>budget: 64GiB</c>. If it is 0, there is no limit.</summary>
    public Kib Budget { get; init; }

    private static TimeSpan Positive(TimeSpan value) => value > TimeSpan.Zero ? value : throw new ArgumentException("must be longer than 0");
}
