using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>What a script's word is worth. Pure.</summary>
internal static class ScriptVerdict
{
    /// <summary>The outcome to tell: the script's, or its last step's where it says nothing, with the footprint as it really is.</summary>
    public static Outcome On(Outcome? said, IReadOnlyList<ScriptStep> steps, TargetRequest request, Kib footprint, string file)
    {
        var step = said is null ? (steps.Count > 0 ? steps[^1] : null) : steps.LastOrDefault(one => ReferenceEquals(one.Outcome, said));
        // A step that had the whole target knows best, within its own tolerance.
        if (step is not null && step.Target == request.Target)
            return step.Outcome;
        if ((said ?? step?.Outcome) is not { } outcome)
            return Outcome.Unable(footprint, $"{file} ended without a step and without an outcome");
        var told = outcome with { Footprint = footprint, Reason = outcome.Reason ?? "", Actor = step?.Name ?? "", Step = step is null ? 0 : outcome.Step, Alone = null };
        return outcome.Kind switch
        {
            OutcomeKind.Reached when !request.IsReachedBy(footprint) => told with
            {
                Kind = OutcomeKind.Short,
                Reason = $"{told.Reason}; the footprint is {footprint}, {(footprint - request.Target).Abs()} {(footprint > request.Target ? "above" : "below")} the target",
            },
            OutcomeKind.Reached or OutcomeKind.Short or OutcomeKind.Unable or OutcomeKind.Failed => told,
            _ => told with { Kind = OutcomeKind.Failed, Reason = $"{file} says '{outcome.Kind}', which is the host's to say: {told.Reason}" },
        };
    }
}
