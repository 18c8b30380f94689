using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Previews;

/// <summary>What would become of one step of a policy.</summary>
internal sealed class StepPreviewer(string policy, ActorDirectory directory, RunContext domain)
{
    /// <summary>One for an actor; for a policy, what its own steps are, as <c>POLICY/ACTOR</c>.</summary>
    public async Task<IReadOnlyList<StepPreview>> OfAsync(int number, string name, TimeLimits limits, TargetRequest request, CancellationToken cancellation)
    {
        string[] atWork = [.. domain.Path, policy];
        if (directory.FindStep(name, atWork) is not { } entry)
            return [new StepPreview(number, name, StepPreview.Missing, limits, directory.NoSuchStep(name, atWork))];
        if (!entry.IsPolicy || entry.OutOfService is not null)
            return [ActorPreview.StepOf(number, entry, domain, limits)];
        var inner = await ActorPreview.OfAsync(entry, domain.Within(policy, IRunObserver.None), request, cancellation);
        return
        [
            .. inner.Steps.Select(step => step with
            {
                Step = number,
                Actor = $"{name}/{step.Actor}",
                Limits = new TimeLimits(Shorter(step.Limits.Timeout, limits.Timeout), Shorter(step.Limits.Stall, limits.Stall)),
            }),
        ];
    }

    // The outer step's time is over for all that is in it.
    private static TimeSpan? Shorter(TimeSpan? inner, TimeSpan? outer) => inner is null || outer < inner ? outer ?? inner : inner;
}
