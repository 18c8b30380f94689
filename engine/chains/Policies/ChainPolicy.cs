using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Domains;
using Actors.Host.Policies.Foresight;
using Actors.Host.Policies.Scripts;
using Actors.Host.Policies.Steps;
using Actors.Sdk;

namespace Actors.Host.Policies;

/// <summary>
/// A policy at work. Shrinking, each step gets what is left while the earlier ones stay engaged; growing, engaged later steps are
/// relaxed from the last to the first before the first grows.
/// </summary>
internal sealed class PolicyActor(Policy policy, ActorDirectory directory, PolicyHealth? health = null) : IActor, ISettles, IComposite, IForesees
{
    private readonly StepRunner _runner = new(policy.Name, directory);
    private readonly PolicyHealth _health = health ?? new PolicyHealth(policy.Name);

    public IReadOnlyList<string> Steps { get; } = [.. policy.Steps.Select(step => step.Actor).Distinct()];

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        var engaged = request.Target > footprint ? ChainRules.LastToFirst(Steps.Skip(1), name => _runner.IsEngaged(name, host)) : [];
        var relaxed = await _runner.RelaxAsync(engaged, host, request, cancellation);

        host.Failed.Clear();
        var (trail, skipped) = (new List<StepResult>(), new List<string>());
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var step = policy.Steps[index];
            if (await SkipsAsync(step, host, request, trail, cancellation) is { } why)
            {
                skipped.Add($"{step.Actor}: {why}");
                host.Observer.StepEnded(new StepResult(index + 1, step.Actor, Outcome.Unable(footprint, why), TimeSpan.Zero) { Skipped = true });
                continue;
            }
            await LetGoAsync(index, host, cancellation);
            var limits = ChainRules.Limits(policy, index, host.PrimaryTimeout);
            var result = await _runner.RunAsync(index + 1, step.Actor, limits, host, request, cancellation);
            trail.Add(result);
            if (result.Outcome.Kind == OutcomeKind.Reached)
                return ChainRules.Told(result.Outcome, relaxed.GetValueOrDefault(step.Actor)) with { Actor = result.Actor, Step = result.Step };
        }
        if (policy.OnShort.Release)
            await ReleaseAsync(domain, cancellation);
        return ChainRules.Exhausted(trail, skipped, policy.OnShort, (await domain.InspectAsync(cancellation)).Footprint);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        foreach (var name in ChainRules.LastToFirst(Steps, name => _runner.IsEngaged(name, host)).ToList())
            await _runner.ReleaseAsync(name, host, cancellation);
    }

    public async Task<Outcome?> SettleAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        if (policy.OnShort.RetryAfter is { } after && !request.IsReachedBy((await domain.InspectAsync(cancellation)).Footprint))
        {
            await Task.Delay(after, domain.Time, cancellation);
            return await ReachAsync(domain, request, cancellation);
        }
        return await Settling.RunAsync([.. policy.Steps.Select(step => new SettlingStep(step.Actor, Asks: true, Keep: false))], _runner, domain, request, cancellation);
    }

    public Task<Foreseen> ForeseeAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation) =>
        ChainForesight.OfAsync(policy, directory, domain, request, cancellation);

    public ValueTask DisposeAsync() => default;

    // A step takes over: whoever shall not stay engaged beside it goes first.
    private async Task LetGoAsync(int taking, HostDomain domain, CancellationToken cancellation)
    {
        var going = policy.Steps.Take(taking).Where(step => !step.Keep && step.Actor != policy.Steps[taking].Actor).Select(step => step.Actor);
        foreach (var name in ChainRules.LastToFirst(going, name => _runner.IsEngaged(name, domain)).ToList())
            await _runner.ReleaseAsync(name, domain, cancellation);
    }

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
