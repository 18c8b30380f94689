using Actors.Chains.Model;
using Actors.Chains.Scripts.Running;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>Turns what a script returns into an outcome. Pure.</summary>
internal static class ScriptOutcome
{
    /// <summary>The outcome to report: the one that the script returned, else that of its last step, with the actual footprint.</summary>
    public static Outcome On(ScriptEnd end, IReadOnlyList<ScriptStep> steps, TargetRequest request, Kib footprint, string file)
    {
        var returned = end.Returned;
        var step = returned is null ? (steps.Count > 0 ? steps[^1] : null) : end.Step > 0 && end.Step <= steps.Count ? steps[end.Step - 1] : null;
        // The outcome of a step that had the whole target stands as it is, because the step applied its own tolerance.
        if (step is not null && step.Target == request.Target)
            return step.Outcome;
        if ((returned ?? step?.Outcome) is not { } outcome)
            return Outcome.Unable(footprint, $"{file} ran no step and returned no outcome");
        var checkedOutcome = outcome with { Footprint = footprint, Reason = outcome.Reason ?? "", Actor = step?.Name ?? "", Step = step is null ? 0 : outcome.Step, Alone = null };
        if (outcome.Kind != OutcomeKind.Reached || !request.IsReachedBy(footprint))
            checkedOutcome = checkedOutcome with { Lacks = outcome.Lacks ?? ChainRules.Lacked(steps.Select(one => one.Outcome)) };
        return outcome.Kind switch
        {
            OutcomeKind.Reached when !request.IsReachedBy(footprint) => checkedOutcome with
            {
                Kind = OutcomeKind.Short,
                Reason = $"{checkedOutcome.Reason}; the footprint is {footprint}, {(footprint - request.Target).Abs()} {(footprint > request.Target ? "above" : "below")} the target",
            },
            OutcomeKind.Reached or OutcomeKind.Short or OutcomeKind.Unable or OutcomeKind.Failed => checkedOutcome,
            _ => checkedOutcome with { Kind = OutcomeKind.Failed, Reason = $"{file} returned '{outcome.Kind}', which only the host may report: {checkedOutcome.Reason}" },
        };
    }
}
