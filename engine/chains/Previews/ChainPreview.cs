using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Domains;
using Actors.Host.Policies.Scripts;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Policies.Foresight;

/// <summary>What a chain would do, step by step, each taken to end short.</summary>
internal static class ChainForesight
{
    public static async Task<Foreseen> OfAsync(
        Policy policy, ActorDirectory directory, HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var foresight = new StepForesight(policy.Name, directory, domain);
        var steps = new List<ForeseenStep>();
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var step = policy.Steps[index];
            var limits = ChainRules.Limits(policy, index, domain.PrimaryTimeout);
            if (step.When is { } when && await WhyNotAsync(when, domain, request, cancellation) is { } why)
                steps.Add(new ForeseenStep(index + 1, step.Actor, ForeseenStep.Skips, limits, why));
            else
                steps.AddRange(await foresight.OfAsync(index + 1, step.Actor, limits, request, cancellation));
        }
        return new Foreseen(steps, [.. Notes(policy)]);
    }

    private static async Task<string?> WhyNotAsync(Condition when, HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var facts = new PolicyFacts(domain, request, when.Program.Reads, []);
        await facts.LookAsync(cancellation);
        try
        {
            return when.IsTrue(facts, cancellation) ? null : ChainRules.NotSo(when.Text);
        }
        catch (ScriptFaultException fault)
        {
            return ChainRules.ConditionFailed(fault.Message);
        }
    }

    private static IEnumerable<string> Notes(Policy policy)
    {
        if (policy.Steps.Any(step => step.When is not null))
            yield return "conditions are as they are now; each is asked again when its step's turn comes";
        foreach (var step in policy.Steps.SkipLast(1).Where(step => !step.Keep))
            yield return $"{step.Actor} lets go before the next step takes over (keep: false)";
        if (policy.OnShort.Release)
            yield return "if all of them fall short, everything is given back (on_short: release)";
        if (policy.OnShort.RetryAfter is { } after)
            yield return $"if all of them fall short, they are tried again every {DurationText.Format(after)} (on_short: retry)";
    }
}
