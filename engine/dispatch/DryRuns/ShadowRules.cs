using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk.Text;

namespace Actors.Dispatch.DryRuns;

/// <summary>Where a shadow and what really happened part. Pure.</summary>
internal static class ShadowRules
{
    /// <summary>In words; <see langword="null"/> when the shadow would have done the same.</summary>
    /// <param name="shadow">What it would do; a reason where it would refuse.</param>
    /// <param name="served">What the serving policy meant to do.</param>
    /// <param name="ran">The steps that it took.</param>
    public static string? Difference(ShadowChoice shadow, ShadowChoice served, IReadOnlyList<StepResult> ran)
    {
        if (shadow.Refusal is { } refusal)
            return served.Refusal is null ? $"would refuse: {refusal}" : null;
        if (shadow.Fault is { } fault)
            return $"could not decide: {fault}";
        if (served.Refusal is not null)
            return $"would act: {shadow.Plan}";
        var plan = shadow.Plan.Tried.ToList();
        // An actor without a policy tells no steps.
        var took = ran.Count > 0
            ? StepNames.Leaves(ran.Where(step => !step.Skipped).Select(step => step.Actor))
            : [.. served.Plan.Tried.Take(1).Select(step => step.Actor)];
        return Parting(plan, took) ?? OtherLimit(plan, served.Plan.Tried.ToList(), took.Count);
    }

    private static string? Parting(List<StepPreview> plan, IReadOnlyList<string> took)
    {
        for (var index = 0; index < took.Count; index++)
        {
            if (index < plan.Count && Own(plan[index].Actor) == Own(took[index]))
                continue;
            if (index == plan.Count)
                return index == 0 ? $"would do nothing, where {took[0]} was tried" : $"would end after {took[index - 1]}, where {took[index]} was tried";
            return index == 0
                ? $"would begin with {plan[0]} instead of {took[0]}"
                : $"would go on with {plan[index]} after {took[index - 1]}, instead of {took[index]}";
        }
        return took.Count == 0 && plan.Count > 0 ? $"would begin with {plan[0]}, where nothing was tried" : null;
    }

    private static string? OtherLimit(List<StepPreview> plan, List<StepPreview> served, int steps) => plan.Zip(served).Take(steps)
        .Where(pair => Own(pair.First.Actor) == Own(pair.Second.Actor) && pair.First.Limits != pair.Second.Limits)
        .Select(pair => $"would give {pair.First.Actor} {Words(pair.First.Limits)} instead of {Words(pair.Second.Limits)}")
        .FirstOrDefault();

    // By whom is what counts, not in which policy it stands.
    private static string Own(string actor) => actor[(actor.LastIndexOf('/') + 1)..];

    private static string Words(TimeLimits limits) => (limits.Timeout, limits.Stall) switch
    {
        ({ } timeout, { } stall) => $"{DurationText.Format(timeout)} (stalled {DurationText.Format(stall)} at most)",
        ({ } timeout, _) => DurationText.Format(timeout),
        (_, { } stall) => $"until it has stalled for {DurationText.Format(stall)}",
        _ => "as long as it takes",
    };
}

/// <summary>What a policy would make of a target.</summary>
internal sealed record ShadowChoice(RunPreview Plan, string? Refusal = null, string? Fault = null)
{
    private static readonly RunPreview Nothing = new([], []);

    public static ShadowChoice Refuses(string reason) => new(Nothing, Refusal: reason);

    public static ShadowChoice Failed(string reason) => new(Nothing, Fault: reason);
}
