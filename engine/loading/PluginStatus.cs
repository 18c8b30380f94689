namespace Actors.Loading;

/// <summary>How a plugin stands, for people and for scripts.</summary>
/// <param name="Id">From its manifest; the folder's name where there is none.</param>
/// <param name="Folder">Where it lies; empty when it was taken away.</param>
/// <param name="State"><c>serving</c>, <c>quarantined</c> (out of service after faults), <c>refused</c>, <c>draining</c> (taken away, but runs are in it) or <c>leaked</c> (unloaded, but still in memory).</param>
/// <param name="Version">Of what serves.</param>
/// <param name="Contract">Of what serves.</param>
/// <param name="Actors">Of what serves.</param>
/// <param name="Generation">How many were loaded from this folder.</param>
/// <param name="Calls">How many calls are in what serves.</param>
/// <param name="Draining">How many older generations still have calls in them or are being unloaded.</param>
/// <param name="Leaked">How many older generations stayed in memory.</param>
/// <param name="Rollback">The version that a rollback would bring; <see langword="null"/> when there is none.</param>
/// <param name="Verdict">On what lies in the folder now.</param>
/// <param name="Problems">Why that does not serve.</param>
internal sealed record PluginStatus(
    string Id, string Folder, string State, string? Version, string? Contract, IReadOnlyList<string> Actors, int Generation, int Calls,
    int Draining, int Leaked, string? Rollback, string Verdict, IReadOnlyList<string> Problems)
{
    /// <summary>How often what serves misbehaved.</summary>
    public int Faults { get; init; }

    /// <summary>How it did last; empty when it never did.</summary>
    public string LastFault { get; init; } = "";
}
