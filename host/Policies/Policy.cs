using Actors.Host.Policies.Scripts;
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
/// <param name="Actor">Who acts: an actor, or another policy.</param>
/// <param name="Timeout">How long before the next step is tried, whatever progress there is.</param>
/// <param name="Stall">How long without progress before the next step is tried.</param>
internal sealed record PolicyStep(string Actor, TimeSpan? Timeout, TimeSpan? Stall)
{
    /// <summary>Whether it is tried at all; always when there is no condition.</summary>
    public Condition? When { get; init; }

    /// <summary>It is not released when an earlier step catches up.</summary>
    public bool Keep { get; init; }
}
