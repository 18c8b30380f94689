using Actors.Chains.Model;
using Actors.Chains.Previews;
using Actors.Chains.Scripts;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>
/// A policy at work. Shrinking, each step gets what is left while the earlier ones stay engaged; growing, engaged later steps are
/// relaxed from the last to the first before the first grows.
/// </summary>
internal sealed class ChainPolicy(Policy policy, ActorDirectory directory, PolicyHealth? health = null) : IPolicy
{
    private readonly StepRunner _runner = new(policy.Name, directory);
    private readonly PolicyHealth _health = health ?? new PolicyHealth(policy.Name);

    public IReadOnlyList<string> Steps { get; } = [.. policy.Steps.Select(step => step.Actor).Distinct()];

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        var engaged = request.Target > footprint ? ChainRules.LastToFirst(Steps.Skip(1), name => _runner.IsEngaged(name, domain)) : [];
        var relaxed = await _runner.RelaxAsync(engaged, domain, request, cancellation);

        domain.Failed.Clear();
        var (trail, skipped) = (new List<StepResult>(), new List<string>());
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var step = policy.Steps[index];
            if (await SkipsAsync(step, domain, request, trail, cancellation) is { } why)
            {
                skipped.Add($"{step.Actor}: {why}");
                domain.Observer.StepEnded(new StepResult(index + 1, step.Actor, Outcome.Unable(footprint, why), TimeSpan.Zero) { Skipped = true });
                continue;
            }
            await LetGoAsync(index, domain, cancellation);
            var limits = ChainRules.Limits(policy, index, domain.PrimaryTimeout);
            var result = await _runner.RunAsync(index + 1, step.Actor, limits, domain, request, cancellation);
            trail.Add(result);
            if (result.Outcome.Kind == OutcomeKind.Reached)
                return ChainRules.Told(result.Outcome, relaxed.GetValueOrDefault(step.Actor)) with { Actor = result.Actor, Step = result.Step };
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

    public async Task<Outcome?> FollowUpAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        if (policy.OnShort.RetryAfter is { } after && !request.IsReachedBy((await domain.InspectAsync(cancellation)).Footprint))
        {
            await Task.Delay(after, domain.Time, cancellation);
            return await ReachAsync(domain, request, cancellation);
        }
        return await StepRelaxation.RunAsync([.. policy.Steps.Select(step => new RelaxableStep(step.Actor, Asks: true, Keep: false))], _runner, domain, request, cancellation);
    }

    public Task<RunPreview> PreviewAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        ChainPreview.OfAsync(policy, directory, domain, request, cancellation);

    // A step takes over: whoever shall not stay engaged beside it goes first.
    private async Task LetGoAsync(int taking, RunContext domain, CancellationToken cancellation)
    {
        var going = policy.Steps.Take(taking).Where(step => !step.Keep && step.Actor != policy.Steps[taking].Actor).Select(step => step.Actor);
        foreach (var name in ChainRules.LastToFirst(going, name => _runner.IsEngaged(name, domain)).ToList())
            await _runner.ReleaseAsync(name, domain, cancellation);
    }

    private async Task<string?> SkipsAsync(
        PolicyStep step, RunContext domain, TargetRequest request, List<StepResult> trail, CancellationToken cancellation)
    {
        if (step.When is not { } when)
            return null;
        var facts = new PolicyFacts(domain, request, when.Program.Reads, trail);
        await facts.LookAsync(cancellation);
        try
        {
            var holds = when.IsTrue(facts, cancellation);
            _health.Sound();
            return holds ? null : ChainRules.NotSo(when.Text);
        }
        catch (ScriptFaultException fault)
        {
            _health.Fault(fault.Message, fault.Runaway);
            domain.Log.Warn(fault.Message);
            return ChainRules.ConditionFailed(fault.Message);
        }
    }
}
