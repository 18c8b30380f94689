using Actors.Host.Dispatch;
using Actors.Host.Domains;
using Actors.Sdk;

namespace Actors.Host.Policies;

/// <summary>
/// A policy at work. Shrinking, each step gets what is left while the earlier ones stay engaged; growing, engaged later steps are
/// relaxed from the last to the first before the first grows.
/// </summary>
internal sealed class PolicyActor(Policy policy, ActorDirectory directory) : IActor, ISettles
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        if (request.Target > (await domain.InspectAsync(cancellation)).Footprint)
            await RelaxAsync(host, request, cancellation);

        host.Failed.Clear();
        var trail = new List<StepResult>();
        for (var index = 0; index < policy.Steps.Count; index++)
        {
            var result = await RunStepAsync(index, host, request, cancellation);
            trail.Add(result);
            host.Observer.StepEnded(result);
            if (result.Outcome.Kind == OutcomeKind.Reached)
                return result.Outcome with { Actor = result.Actor, Step = result.Step };
        }
        return ChainRules.Exhausted(trail, (await domain.InspectAsync(cancellation)).Footprint);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        foreach (var actor in ChainRules.LastToFirst(policy, host.Engaged))
            await ReleaseStepAsync(actor, host, cancellation);
    }

    public async Task<Outcome?> SettleAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        for (var attempts = 0; ; attempts++)
        {
            var askAgain = false;
            for (var index = 0; index < LastEngaged(domain); index++)
            {
                if (directory.FindActor(policy.Steps[index].Actor) is not { } entry || !domain.Engaged.Has(entry.Name))
                    continue;
                // Who has just failed is asked again too, but not at once.
                if (attempts == 0 && domain.Failed.Contains(entry.Name))
                {
                    askAgain = true;
                    continue;
                }
                var outcome = await ActorCall.ReachAsync(entry.Actor, domain, request, TimeLimits.None, cancellation);
                askAgain |= outcome.Kind != OutcomeKind.Reached || outcome.Alone is not null;
                if (!ChainRules.HoldsAlone(outcome, request))
                    continue;
                var relaxed = ChainRules.LastToFirst(policy, domain.Engaged, after: index).ToList();
                foreach (var actor in relaxed)
                    await ReleaseStepAsync(actor, domain, cancellation);
                return await SettledAsync(domain, entry.Name, index + 1, relaxed, cancellation);
            }
            if (!askAgain)
                return null;
            await Task.Delay(ChainRules.SettlePause(attempts), domain.Time, cancellation);
        }
    }

    public ValueTask DisposeAsync() => default;

    private async Task<StepResult> RunStepAsync(int index, HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var name = policy.Steps[index].Actor;
        var begun = domain.Time.GetTimestamp();
        Outcome outcome;
        if (directory.FindActor(name) is { } entry)
        {
            var held = domain.Engaged.Has(name);
            domain.Engaged.Add(name);
            await domain.Observer.StepBeginsAsync(index + 1, name, cancellation);
            var limits = ChainRules.Limits(policy, index, domain.PrimaryTimeout);
            outcome = await ActorCall.ReachAsync(entry.Actor, domain, request, limits, cancellation);
            if (outcome.Kind == OutcomeKind.Unable || (outcome.Kind == OutcomeKind.Quarantined && !held))
                domain.Engaged.Remove(name);
            if (outcome.Kind == OutcomeKind.Failed)
                domain.Failed.Add(name);
        }
        else
        {
            outcome = Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, directory.NoSuchActor(name));
        }
        return new StepResult(index + 1, name, outcome, domain.Time.GetElapsedTime(begun));
    }

    private async Task RelaxAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        foreach (var actor in ChainRules.LastToFirst(policy, domain.Engaged, after: 0).ToList())
        {
            if (directory.FindActor(actor) is { } entry)
                await ActorCall.ReachAsync(entry.Actor, domain, request, TimeLimits.None, cancellation);
        }
    }

    private async Task ReleaseStepAsync(string actor, HostDomain domain, CancellationToken cancellation)
    {
        if (directory.FindActor(actor) is { } entry)
            await ActorCall.ReleaseAsync(entry.Actor, actor, domain, cancellation);
        domain.Engaged.Remove(actor);
    }

    private static async Task<Outcome> SettledAsync(
        HostDomain domain, string actor, int step, List<string> relaxed, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        var outcome = Outcome.Reached(footprint, $"{actor} caught up and holds the target alone; {string.Join(", ", relaxed)} released");
        return outcome with { Actor = actor, Step = step };
    }

    private int LastEngaged(HostDomain domain)
    {
        for (var index = policy.Steps.Count - 1; index >= 0; index--)
            if (domain.Engaged.Has(policy.Steps[index].Actor))
                return index;
        return -1;
    }
}
