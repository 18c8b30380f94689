using Actors.Loading.Containment;
using Actors.Loading.LoadContexts;
using Actors.Loading.Metrics;

namespace Actors.Loading;

/// <summary>The status of a plugin, for people and for scripts.</summary>
/// <param name="Id">From its manifest; the folder's name where there is none.</param>
/// <param name="Folder">Its folder; empty when it was removed.</param>
/// <param name="State"><c>serving</c>, <c>quarantined</c> (out of service after faults), <c>refused</c>, <c>draining</c> (removed, but still with runs) or <c>leaked</c> (unloaded, but still in memory).</param>
/// <param name="Version">The version that serves.</param>
/// <param name="Contract">The contract of the version that serves.</param>
/// <param name="Actors">The actors of the version that serves.</param>
/// <param name="Generation">How many versions were loaded from this folder.</param>
/// <param name="Calls">How many calls the version that serves has.</param>
/// <param name="Draining">How many older versions still have calls or are being unloaded.</param>
/// <param name="Leaked">How many older versions stayed in memory.</param>
/// <param name="Rollback">The version that a rollback would put into service; <see langword="null"/> when there is none.</param>
/// <param name="Verdict">The verdict on the folder's present content.</param>
/// <param name="Problems">Why that content does not serve.</param>
internal sealed record PluginStatus(
    string Id, string Folder, string State, string? Version, string? Contract, IReadOnlyList<string> Actors, int Generation, int Calls,
    int Draining, int Leaked, string? Rollback, string Verdict, IReadOnlyList<string> Problems)
{
    /// <summary>Whether the last good version serves, because the folder's present content does not.</summary>
    public bool LastGood { get; init; }

    /// <summary>What the signature of the version that serves proves, or else that of what was found: <c>signed by acme</c>, <c>unsigned</c>, <c>tampered</c> …</summary>
    public string Signature { get; init; } = "";

    /// <summary>The process of the version that serves; <see langword="null"/> if that is the daemon's.</summary>
    public PluginProcessStatus? Process { get; init; }

    /// <summary>What the version that serves may and may not do.</summary>
    public IReadOnlyList<PluginPermission> Permissions { get; init; } = [];

    /// <summary>The names of the own mechanisms of the version that serves.</summary>
    public IReadOnlyList<string> OwnMechanisms { get; init; } = [];

    /// <summary>The own metrics of the version that serves.</summary>
    public IReadOnlyList<PluginMetric> Metrics { get; init; } = [];

    /// <summary>How many faults the version that serves has had.</summary>
    public int Faults { get; init; }

    /// <summary>The latest fault; empty when there was none.</summary>
    public string LastFault { get; init; } = "";
}
