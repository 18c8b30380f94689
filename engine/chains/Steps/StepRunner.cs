using Actors.Dispatch.Calls;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Steps;

/// <summary>Runs, relaxes and releases the steps of one policy, which is a chain or a script. A step is an actor or another policy.</summary>
internal sealed class StepRunner(string policy, ActorDirectory directory)
{
    public async Task<StepResult> RunAsync(
        int number, string name, TimeLimits limits, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var begun = domain.Time.GetTimestamp();
        Outcome outcome;
        if (Find(name, domain) is { } entry)
        {
            var held = domain.Engaged.Has(name);
            if (!entry.IsPolicy)
                domain.Engaged.Add(name, request.Target);
            await domain.Observer.StepStartingAsync(number, name, cancellation);
            outcome = await ActorCall.ReachAsync(entry, For(entry, domain, number), request, limits, cancellation);
            if (outcome.Kind == OutcomeKind.Unable || (outcome.Kind == OutcomeKind.Quarantined && !held))
                domain.Engaged.Remove(name);
        }
        else
        {
            var missing = Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, directory.NoSuchStep(name, CallPath(domain)));
            outcome = missing with { Lacks = new Lack(LackKinds.Actor) };
        }
        if (outcome.Kind == OutcomeKind.Failed)
            domain.Failed.Add(name);
        var result = new StepResult(number, name, outcome, domain.Time.GetElapsedTime(begun));
        domain.Observer.StepEnded(result);
        return result;
    }

    /// <summary>Passes the target to one step again, without a time limit; <see langword="null"/> if no actor or policy has that name.</summary>
    public async Task<Outcome?> RequestAgainAsync(string name, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        if (Find(name, domain) is not { } entry)
            return null;
        if (domain.Engaged.Has(name))
            domain.Engaged.Add(name, request.Target);
        return await ActorCall.ReachAsync(entry, For(entry, domain, 0), request, TimeLimits.None, cancellation);
    }

    /// <summary>The engaged actors that do not belong to a step, the last one first.</summary>
    public IReadOnlyList<string> EngagedOutside(string step, RunContext domain)
    {
        var own = ActorsOf(step, CallPath(domain)).ToHashSet();
        return [.. domain.Engaged.Actors.Where(actor => !own.Contains(actor)).Reverse()];
    }

    /// <summary>Does what is left to do after the outcome of a step that is a policy.</summary>
    public async Task<Outcome?> FollowUpAsync(string name, RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        Find(name, domain) is PolicyEntry entry
            ? await entry.Policy.FollowUpAsync(For(entry, domain, 0), request, cancellation)
            : null;

    public async Task ReleaseAsync(string name, RunContext domain, CancellationToken cancellation)
    {
        if (Find(name, domain) is { } entry)
            await ActorCall.ReleaseAsync(entry, For(entry, domain, 0), cancellation);
        domain.Engaged.Remove(name);
    }

    /// <summary>Whether a step is engaged: the actor itself, or any actor of the policy.</summary>
    public bool IsEngaged(string name, RunContext domain) => domain.Engaged.Actors.Count > 0 && IsEngaged(name, domain, CallPath(domain));

    private bool IsEngaged(string name, RunContext domain, IReadOnlyList<string> path) =>
        ActorsOf(name, path).Any(domain.Engaged.Has);

    private IEnumerable<string> ActorsOf(string name, IReadOnlyList<string> path) =>
        directory.FindStep(name, path) is PolicyEntry inner
            ? inner.Policy.Steps.SelectMany(step => ActorsOf(step, [.. path, name]))
            : [name];

    private ActorEntry? Find(string name, RunContext domain) => directory.FindActor(name) ?? directory.FindStep(name, CallPath(domain));

    private RunContext For(ActorEntry entry, RunContext domain, int number) =>
        entry.IsPolicy ? domain.Within(policy, number == 0 ? domain.Observer : new NestedPolicyObserver(domain.Observer, number, entry.Name)) : domain;

    private IReadOnlyList<string> CallPath(RunContext domain) => [.. domain.Path, policy];
}
