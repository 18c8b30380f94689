using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>What to do about a domain.</summary>
internal abstract record Decision
{
    /// <summary>The domain has no target, so there is nothing to do.</summary>
    public sealed record Idle : Decision;

    /// <summary>The domain's actor is an external one.</summary>
    public sealed record External(string Actor) : Decision;

    /// <summary>The target cannot be acted on.</summary>
    /// <param name="Target">The target, if it could be parsed.</param>
    /// <param name="Reason">The reason, for the operator.</param>
    /// <param name="Transient">Whether the domain's state causes it, so that a later check can succeed.</param>
    public sealed record Refuse(Kib? Target, string Reason, bool Transient = false) : Decision;

    /// <summary>An actor receives the target.</summary>
    public sealed record Act(DispatchPlan Plan) : Decision;
}
