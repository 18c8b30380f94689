using Actors.Dispatch.Calls;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Steps;

/// <summary>Runs, relaxes and releases the steps of one policy, be it a chain or a script. A step is an actor or another policy.</summary>
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
                domain.Engaged.Add(name);
            await domain.Observer.StepStartingAsync(number, name, cancellation);
            outcome = await ActorCall.ReachAsync(entry, For(entry, domain, number), request, limits, cancellation);
            if (outcome.Kind == OutcomeKind.Unable || (outcome.Kind == OutcomeKind.Quarantined && !held))
                domain.Engaged.Remove(name);
        }
        else
        {
            outcome = Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, directory.NoSuchStep(name, AtWork(domain)));
        }
        if (outcome.Kind == OutcomeKind.Failed)
            domain.Failed.Add(name);
        var result = new StepResult(number, name, outcome, domain.Time.GetElapsedTime(begun));
        domain.Observer.StepEnded(result);
        return result;
    }

    /// <summary>Brings steps that are engaged to the new target, so that they let go of what they need not hold.</summary>
    /// <returns>What became of each.</returns>
    public async Task<IReadOnlyDictionary<string, Outcome>> RelaxAsync(
        IEnumerable<string> names, RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var relaxed = new Dictionary<string, Outcome>();
        foreach (var name in names.ToList())
            if (await AskAsync(name, domain, request, cancellation) is { } outcome)
                relaxed[name] = outcome;
        return relaxed;
    }

    /// <summary>Asks one step again, without a limit; <see langword="null"/> when there is none of that name.</summary>
    public async Task<Outcome?> AskAsync(string name, RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        Find(name, domain) is { } entry
            ? await ActorCall.ReachAsync(entry, For(entry, domain, 0), request, TimeLimits.None, cancellation)
            : null;

    /// <summary>What a policy that is a step has left to do.</summary>
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

    /// <summary>Whether a step holds something: the actor itself, or any actor of the policy.</summary>
    public bool IsEngaged(string name, RunContext domain) => domain.Engaged.Actors.Count > 0 && IsEngaged(name, domain, AtWork(domain));

    private bool IsEngaged(string name, RunContext domain, IReadOnlyList<string> atWork) =>
        directory.FindStep(name, atWork) is PolicyEntry inner
            ? inner.Policy.Steps.Any(step => IsEngaged(step, domain, [.. atWork, name]))
            : domain.Engaged.Has(name);

    private ActorEntry? Find(string name, RunContext domain) => directory.FindActor(name) ?? directory.FindStep(name, AtWork(domain));

    private RunContext For(ActorEntry entry, RunContext domain, int number) =>
        entry.IsPolicy ? domain.Within(policy, number == 0 ? domain.Observer : new NestedPolicyObserver(domain.Observer, number, entry.Name)) : domain;

    private IReadOnlyList<string> AtWork(RunContext domain) => [.. domain.Path, policy];
}
