using Actors.Chains.Model;
using Actors.Chains.Previews;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>
/// Runs a chain: each step gets what is left while the earlier ones stay engaged. Actors that are engaged from an earlier target are
/// redirected to the new one before the first step moves, the last one first.
/// </summary>
internal sealed class ChainPolicy(Policy policy, ActorDirectory directory, PolicyHealth? health = null) : IPolicy
{
    private readonly StepRunner _runner = new(policy.Name, directory);
    private readonly PolicyHealth _health = health ?? new PolicyHealth(policy.Name);

    public IReadOnlyList<string> Steps { get; } = [.. policy.Steps.Select(step => step.Actor).Distinct()];

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        domain.Failed.Clear();
        var redirected = new Dictionary<string, Outcome>();
        var (trail, skipped) = (new List<StepResult>(), new List<string>());
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var step = policy.Steps[index];
            if (await SkipReasonAsync(step, domain, request, trail, cancellation) is { } reason)
            {
                skipped.Add($"{step.Actor}: {reason}");
                domain.Observer.StepEnded(new StepResult(index + 1, step.Actor, Outcome.Unable(footprint, reason), TimeSpan.Zero) { Skipped = true });
                continue;
            }
            await ReleaseUnkeptAsync(index, domain, cancellation);
            var limits = ChainRules.Limits(policy, index, domain.PrimaryTimeout);
            var others = trail.Count == 0 ? _runner.EngagedOutside(step.Actor, domain) : [];
            var redirection = await Redirection.StartAsync(others, ArgumentOf, _runner, domain, request, cancellation);
            StepResult result;
            await using (redirection)
                result = await _runner.RunAsync(index + 1, step.Actor, limits, domain, request with { Argument = step.Argument }, cancellation);
            foreach (var (actor, outcome) in redirection.Outcomes)
                redirected[actor] = outcome;
            trail.Add(result);
            // A later step must not work against another program either.
            if (result.Outcome.Lacks?.Kinds.HasFlag(LackKinds.SecondWriter) ?? false)
                return result.Outcome with { Actor = result.Actor, Step = result.Step };
            if (result.Outcome.Kind == OutcomeKind.Reached)
                return ChainRules.IncludingRelaxation(result.Outcome, redirected.GetValueOrDefault(step.Actor)) with { Actor = result.Actor, Step = result.Step };
        }
        if (policy.OnShort.Release)
            await ReleaseAsync(domain, cancellation);
        return ChainRules.Exhausted(trail, skipped, policy.OnShort, (await domain.InspectAsync(cancellation)).Footprint);
    }

    public async Task ReleaseAsync(RunContext domain, CancellationToken cancellation)
    {
        foreach (var name in ChainRules.LastToFirst(Steps, name => _runner.IsEngaged(name, domain)).ToList())
            await _runner.ReleaseAsync(name, domain, cancellation);
    }

    public Task<Outcome?> FollowUpAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) => StepRelaxation.RunAsync(
        [.. policy.Steps.Select(step => new RelaxableStep(step.Actor, HadFullTarget: true, Keep: false, step.Argument))], _runner, domain, request, cancellation);

    public Task<RunPreview> PreviewAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        ChainPreview.OfAsync(policy, directory, domain, request, cancellation);

    // An actor that is engaged from an earlier target continues in the way in which this policy uses it.
    private string ArgumentOf(string actor) => policy.Steps.FirstOrDefault(step => step.Actor == actor)?.Argument ?? "";

    // Steps with 'keep: false' are released before a later step takes over.
    private async Task ReleaseUnkeptAsync(int next, RunContext domain, CancellationToken cancellation)
    {
        var leaving = policy.Steps.Take(next).Where(step => !step.Keep && step.Actor != policy.Steps[next].Actor).Select(step => step.Actor);
        foreach (var name in ChainRules.LastToFirst(leaving, name => _runner.IsEngaged(name, domain)).ToList())
            await _runner.ReleaseAsync(name, domain, cancellation);
    }

    private async Task<string?> SkipReasonAsync(
        PolicyStep step, RunContext domain, TargetRequest request, List<StepResult> trail, CancellationToken cancellation)
    {
        if (step.When is not { } when)
            return null;
        var facts = await new FactsReader(domain, request, when.Program.Reads).ReadAsync(cancellation);
        try
        {
            var holds = await when.IsTrueAsync(facts, [.. trail.Select(result => new ScriptStep(result.Actor, request.Target, result.Outcome, result.Elapsed))], cancellation);
            _health.Succeeded();
            return holds ? null : ChainRules.ConditionIsFalse(when.Text);
        }
        catch (ScriptFaultException fault)
        {
            _health.Fault(fault.Message, fault.Runaway);
            domain.Log.Warn(fault.Message);
            cancellation.ThrowIfCancellationRequested();
            return ChainRules.ConditionFailed(fault.Message);
        }
        catch (ScriptLostException lost)
        {
            domain.Log.Warn(lost.Message);
            return ChainRules.ConditionFailed(lost.Message);
        }
    }
}
