namespace Actors.Sdk.Testing;

/// <summary>The rules.</summary>
public static class ActorRules
{
    /// <summary>Every rule, in the order in which they are best read.</summary>
    public static IReadOnlyList<ActorRule> All { get; } =
        [.. ReachingRules.All, .. CancellingRules.All, .. FaultRules.All, .. ReleasingRules.All, .. NeighbourRules.All];
}
