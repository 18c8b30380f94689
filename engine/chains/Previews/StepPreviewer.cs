using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Previews;

/// <summary>Previews one step of a policy.</summary>
internal sealed class StepPreviewer(string policy, ActorDirectory directory, RunContext domain)
{
    /// <summary>One preview for an actor; for a policy, one for each of its own steps, as <c>POLICY/ACTOR</c>.</summary>
    public async Task<IReadOnlyList<StepPreview>> OfAsync(int number, string name, TimeLimits limits, TargetRequest request, CancellationToken cancellation)
    {
        string[] path = [.. domain.Path, policy];
        if (directory.FindStep(name, path) is not { } entry)
            return [new StepPreview(number, name, StepPreview.Missing, limits, directory.NoSuchStep(name, path))];
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

    // The time limit of the outer step applies to everything inside it.
    private static TimeSpan? Shorter(TimeSpan? inner, TimeSpan? outer) => inner is null || outer < inner ? outer ?? inner : inner;
}
