using Actors.Host.Dispatch;
using Actors.Host.Domains;
using Actors.Host.Policies.Scripts;
using Actors.Host.Policies.Steps;
using Actors.Sdk;

namespace Actors.Host.Policies;

/// <summary>
/// A policy at work. Shrinking, each step gets what is left while the earlier ones stay engaged; growing, engaged later steps are
/// relaxed from the last to the first before the first grows.
/// </summary>
internal sealed class PolicyActor(Policy policy, ActorDirectory directory, PolicyHealth? health = null) : IActor, ISettles, IComposite
{
    private readonly StepRunner _runner = new(policy.Name, directory);
    private readonly PolicyHealth _health = health ?? new PolicyHealth(policy.Name);

    public IReadOnlyList<string> Steps { get; } = [.. policy.Steps.Select(step => step.Actor).Distinct()];

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        if (request.Target > footprint)
            await _runner.RelaxAsync(ChainRules.LastToFirst(Steps.Skip(1), name => _runner.IsEngaged(name, host)), host, request, cancellation);

        host.Failed.Clear();
        var (trail, skipped) = (new List<StepResult>(), new List<string>());
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var step = policy.Steps[index];
            if (await SkipsAsync(step, host, request, trail, cancellation) is { } why)
            {
                skipped.Add($"{step.Actor}: {why}");
                continue;
            }
            var limits = ChainRules.Limits(policy, index, host.PrimaryTimeout);
            var result = await _runner.RunAsync(index + 1, step.Actor, limits, host, request, cancellation);
            trail.Add(result);
            if (result.Outcome.Kind == OutcomeKind.Reached)
                return result.Outcome with { Actor = result.Actor, Step = result.Step };
        }
        return ChainRules.Exhausted(trail, skipped, (await domain.InspectAsync(cancellation)).Footprint);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        foreach (var name in ChainRules.LastToFirst(Steps, name => _runner.IsEngaged(name, host)).ToList())
            await _runner.ReleaseAsync(name, host, cancellation);
    }

    public Task<Outcome?> SettleAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation) =>
        Settling.RunAsync([.. policy.Steps.Select(step => new SettlingStep(step.Actor, Asks: true, step.Keep))], _runner, domain, request, cancellation);

    public ValueTask DisposeAsync() => default;

    private async Task<string?> SkipsAsync(
        PolicyStep step, HostDomain domain, TargetRequest request, List<StepResult> trail, CancellationToken cancellation)
    {
        if (step.When is not { } when)
            return null;
        var facts = new PolicyFacts(domain, request, when.Program.Reads, trail);
        await facts.LookAsync(cancellation);
        try
        {
            var holds = when.IsTrue(facts, cancellation);
            _health.Sound();
            return holds ? null : $"not tried, because '{when.Text}' is not so";
        }
        catch (ScriptFaultException fault)
        {
            _health.Fault(fault.Message, fault.Runaway);
            domain.Log.Warn(fault.Message);
            return $"not tried, because its condition failed: {fault.Message}";
        }
    }
}
