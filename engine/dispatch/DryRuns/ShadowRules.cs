using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk.Text;

namespace Actors.Dispatch.DryRuns;

/// <summary>Finds the first difference between a shadow's plan and what really happened. Pure.</summary>
internal static class ShadowRules
{
    /// <summary>Returns the difference in words; <see langword="null"/> when the shadow would have done the same.</summary>
    /// <param name="shadow">What the shadow would do, or why it would refuse.</param>
    /// <param name="served">What the serving policy planned.</param>
    /// <param name="ran">The steps that really ran.</param>
    public static string? Difference(ShadowChoice shadow, ShadowChoice served, IReadOnlyList<StepResult> ran)
    {
        if (shadow.Refusal is { } refusal)
            return served.Refusal is null ? $"would refuse: {refusal}" : null;
        if (shadow.Fault is { } fault)
            return $"could not decide: {fault}";
        if (served.Refusal is not null)
            return $"would act: {shadow.Plan}";
        var plan = shadow.Plan.Tried.ToList();
        // An actor without a policy reports no steps.
        var took = ran.Count > 0
            ? StepNames.Leaves(ran.Where(step => !step.Skipped).Select(step => step.Actor))
            : [.. served.Plan.Tried.Take(1).Select(step => step.Actor)];
        return FirstOtherStep(plan, took) ?? FirstOtherLimit(plan, served.Plan.Tried.ToList(), took.Count);
    }

    private static string? FirstOtherStep(List<StepPreview> plan, IReadOnlyList<string> took)
    {
        for (var index = 0; index < took.Count; index++)
        {
            if (index < plan.Count && ActorOf(plan[index].Actor) == ActorOf(took[index]))
                continue;
            if (index == plan.Count)
                return index == 0 ? $"would do nothing, where {took[0]} was tried" : $"would end after {took[index - 1]}, where {took[index]} was tried";
            return index == 0
                ? $"would begin with {plan[0]} instead of {took[0]}"
                : $"would continue with {plan[index]} after {took[index - 1]}, instead of {took[index]}";
        }
        return took.Count == 0 && plan.Count > 0 ? $"would begin with {plan[0]}, where nothing was tried" : null;
    }

    private static string? FirstOtherLimit(List<StepPreview> plan, List<StepPreview> served, int steps) => plan.Zip(served).Take(steps)
        .Where(pair => ActorOf(pair.First.Actor) == ActorOf(pair.Second.Actor) && pair.First.Limits != pair.Second.Limits)
        .Select(pair => $"would give {pair.First.Actor} {Describe(pair.First.Limits)} instead of {Describe(pair.Second.Limits)}")
        .FirstOrDefault();

    // Only the actor counts, not the policy that contains the step.
    private static string ActorOf(string actor) => actor[(actor.LastIndexOf('/') + 1)..];

    private static string Describe(TimeLimits limits) => (limits.Timeout, limits.Stall) switch
    {
        ({ } timeout, { } stall) => $"{DurationText.Format(timeout)} (stalled {DurationText.Format(stall)} at most)",
        ({ } timeout, _) => DurationText.Format(timeout),
        (_, { } stall) => $"until it has stalled for {DurationText.Format(stall)}",
        _ => "as long as it takes",
    };
}
