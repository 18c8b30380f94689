using Actors.Chains.Scripts;
using Actors.Dispatch.Registry;
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
    public OnDrift OnDrift { get; init; }

    /// <summary>The place of <c>tolerance</c> in the file.</summary>
    public Mark ToleranceAt { get; init; }

    /// <summary>The place of <c>on_short</c> in the file.</summary>
    public Mark OnShortAt { get; init; }

    /// <summary>The policy decides next to the one that serves, and changes nothing.</summary>
    public bool Shadow { get; init; }
}

/// <summary>One step of a policy.</summary>
/// <param name="Actor">The name of the actor or policy that acts.</param>
/// <param name="Timeout">How long the step may take before the next one is tried, regardless of progress.</param>
/// <param name="Stall">How long the step may go without progress before the next one is tried.</param>
internal sealed record PolicyStep(string Actor, TimeSpan? Timeout, TimeSpan? Stall)
{
    /// <summary>The argument that the actor gets: <c>gentle</c> in <c>actor: paging:gentle</c>. Empty if there is none; a policy takes none.</summary>
    public string Argument { get; init; } = "";

    /// <summary>The condition: the step is skipped if it is false. A step without a condition is always tried.</summary>
    public Condition? When { get; init; }

    /// <summary>Whether the step stays engaged when a later one takes over.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>The place in the file that names the actor.</summary>
    public Mark At { get; init; }
}

/// <summary>What happens after a chain ended short of its target: it keeps what was reached, gives everything back, or tries again later.</summary>
internal sealed record OnShort(bool Release, TimeSpan? RetryAfter)
{
    public static OnShort Stay { get; } = new(Release: false, RetryAfter: null);
}
