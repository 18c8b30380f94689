using Actors.Chains.Model;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Previews;

/// <summary>Previews a chain, step by step. It assumes that each step ends short.</summary>
internal static class ChainPreview
{
    public static async Task<RunPreview> OfAsync(
        Policy policy, ActorDirectory directory, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var previewer = new StepPreviewer(policy.Name, directory, domain);
        var steps = new List<StepPreview>();
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var step = policy.Steps[index];
            var limits = ChainRules.Limits(policy, index, domain.PrimaryTimeout);
            if (step.When is { } when && await SkipReasonAsync(when, domain, request, cancellation) is { } why)
                steps.Add(new StepPreview(index + 1, step.Actor, StepPreview.Skips, limits, why));
            else
                steps.AddRange(await previewer.OfAsync(index + 1, step.Actor, limits, request, cancellation));
        }
        return new RunPreview(steps, [.. Notes(policy)]);
    }

    private static async Task<string?> SkipReasonAsync(Condition when, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var facts = await new FactsReader(domain, request, when.Program.Reads).ReadAsync(cancellation);
        try
        {
            return await when.IsTrueAsync(facts, [], cancellation) ? null : ChainRules.ConditionIsFalse(when.Text);
        }
        catch (Exception fault) when (fault is ScriptFaultException or ScriptLostException)
        {
            return ChainRules.ConditionFailed(fault.Message);
        }
    }

    private static IEnumerable<string> Notes(Policy policy)
    {
        if (policy.Steps.Any(step => step.When is not null))
            yield return "conditions show their current value; each is evaluated again when its step begins";
        foreach (var step in policy.Steps.SkipLast(1).Where(step => !step.Keep))
            yield return $"{step.Actor} is released before the next step takes over (keep: false)";
        if (policy.OnShort.Release)
            yield return "if all steps end short, everything is given back (on_short: release)";
        if (policy.OnShort.RetryAfter is { } after)
            yield return $"if all steps end short, they are tried again every {DurationText.Format(after)} (on_short: retry)";
    }
}
