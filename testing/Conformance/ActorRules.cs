namespace Actors.Sdk.Testing;

/// <summary>The rules that an actor must follow.</summary>
public static class ActorRules
{
    /// <summary>All rules, in reading order.</summary>
    public static IReadOnlyList<ActorRule> All { get; } =
        [.. ReachingRules.All, .. MaxMemRules.All, .. CancellingRules.All, .. FaultRules.All, .. ReleasingRules.All, .. IsolationRules.All];
}
