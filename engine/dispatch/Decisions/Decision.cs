using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>What the host does about a domain.</summary>
internal abstract record Decision
{
    /// <summary>The domain has no target, so there is nothing to do.</summary>
    public sealed record Idle : Decision;

    /// <summary>The domain's actor is an external one.</summary>
    public sealed record External(string Actor) : Decision;

    /// <summary>The target cannot be acted on.</summary>
    /// <param name="Target">The target, if it could be parsed.</param>
    /// <param name="Reason">The reason, for the operator.</param>
    /// <param name="Lacks">What is missing, if it can come; <see langword="null"/> if only a change of the keys helps.</param>
    /// <param name="Kind">The outcome.</param>
    public sealed record Refuse(Kib? Target, string Reason, Lack? Lacks = null, OutcomeKind Kind = OutcomeKind.Unable) : Decision
    {
        /// <summary>The rule, for the journal.</summary>
        public string Why => Kind == OutcomeKind.Unable ? "refused before anything moved" : "nothing was moved: the domain has lost memory";
    }


    /// <summary>Another program wrote <c>memory/target</c>, so the domain is left alone.</summary>
    public sealed record LeaveAlone(ForeignWrite Write, DispatchPlan Plan) : Decision;

    /// <summary>An actor receives the target.</summary>
    public sealed record Act(DispatchPlan Plan) : Decision;
}
