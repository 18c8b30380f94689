using Actors.Chains.Model;
using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Chains.Steps;

/// <summary>A step that may be released, or take over from later steps.</summary>
/// <param name="Name">The name of the actor or policy.</param>
/// <param name="HadFullTarget">Whether the step received the whole target, so that it can hold it alone.</param>
/// <param name="Keep">Whether the step stays engaged when an earlier one can hold the target alone.</param>
/// <param name="Argument">The argument that the step gets.</param>
internal sealed record RelaxableStep(string Name, bool HadFullTarget, bool Keep, string Argument = "");

/// <summary>Runs after the outcome: once an earlier step can hold the target alone, the later ones are released, the last one first.</summary>
internal static class StepRelaxation
{
    public static async Task<Outcome?> RunAsync(
        IReadOnlyList<RelaxableStep> steps, StepRunner runner, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        for (var attempts = 0; ; attempts++)
        {
            var again = false;
            var last = LastEngaged(steps, runner, domain);
            for (var index = 0; index < last; index++)
            {
                var name = steps[index].Name;
                if (!steps[index].HadFullTarget || !runner.IsEngaged(name, domain))
                    continue;
                // A step that has just failed is tried again too, but not immediately.
                if (attempts == 0 && domain.Failed.Contains(name))
                {
                    again = true;
                    continue;
                }
                if (await runner.RequestAgainAsync(name, domain, request with { Argument = steps[index].Argument }, cancellation) is not { } outcome)
                    continue;
                again |= outcome.Kind != OutcomeKind.Reached || outcome.Alone is not null;
                if (!ChainRules.HoldsAlone(outcome, request))
                    continue;
                return await RelaxAsync(steps, index, runner, domain, cancellation);
            }
            if (!again)
                return last < 0 ? null : await runner.FollowUpAsync(steps[last].Name, domain, request, cancellation);
            await Task.Delay(ChainRules.RelaxationPause(attempts), domain.Time, cancellation);
        }
    }

    private static async Task<Outcome?> RelaxAsync(
        IReadOnlyList<RelaxableStep> steps, int holder, StepRunner runner, RunContext domain, CancellationToken cancellation)
    {
        var relaxed = steps.Skip(holder + 1).Where(step => !step.Keep).Select(step => step.Name).Distinct()
            .Where(name => runner.IsEngaged(name, domain)).Reverse().ToList();
        if (relaxed.Count == 0)
            return null;
        foreach (var name in relaxed)
            await runner.ReleaseAsync(name, domain, cancellation);
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        var reason = $"{steps[holder].Name} caught up and holds the target alone; {string.Join(", ", relaxed)} released";
        return Outcome.Reached(footprint, reason) with { Actor = steps[holder].Name, Step = holder + 1 };
    }

    private static int LastEngaged(IReadOnlyList<RelaxableStep> steps, StepRunner runner, RunContext domain)
    {
        for (var index = steps.Count - 1; index >= 0; index--)
            if (runner.IsEngaged(steps[index].Name, domain))
                return index;
        return -1;
    }
}
