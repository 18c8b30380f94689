using Actors.Sdk;

namespace Actors.Host.Policies;

/// <summary>A chain of actors with time limits.</summary>
internal sealed record Policy
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required IReadOnlyList<PolicyStep> Steps { get; init; }
    public Kib? Floor { get; init; }
    public Kib? Tolerance { get; init; }
}

/// <summary>One step.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="Timeout">How long before the next step is tried, whatever progress there is.</param>
/// <param name="Stall">How long without progress before the next step is tried.</param>
internal sealed record PolicyStep(string Actor, TimeSpan? Timeout, TimeSpan? Stall);
