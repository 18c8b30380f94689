using Actors.Chains.Scripts;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Chains.Model;

/// <summary>A chain of actors with time limits.</summary>
internal sealed record Policy
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required IReadOnlyList<PolicyStep> Steps { get; init; }
    public Kib? Floor { get; init; }
    public Kib? Tolerance { get; init; }
    public OnShort OnShort { get; init; } = OnShort.Stay;

    /// <summary>It decides beside the policy that serves, and moves nothing.</summary>
    public bool Shadow { get; init; }
}

/// <summary>One step.</summary>
/// <param name="Actor">Who acts: an actor, or another policy.</param>
/// <param name="Timeout">How long before the next step is tried, whatever progress there is.</param>
/// <param name="Stall">How long without progress before the next step is tried.</param>
internal sealed record PolicyStep(string Actor, TimeSpan? Timeout, TimeSpan? Stall)
{
    /// <summary>The step is passed over where it is false; always tried when there is none.</summary>
    public Condition? When { get; init; }

    /// <summary>Whether it stays engaged when a later step takes over.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>Where its file names the actor.</summary>
    public Mark At { get; init; }
}

/// <summary>What becomes of a chain that ended short of its target: it stays where it is, gives everything back, or is tried again by and by.</summary>
internal sealed record OnShort(bool Release, TimeSpan? RetryAfter)
{
    public static OnShort Stay { get; } = new(Release: false, RetryAfter: null);
}
