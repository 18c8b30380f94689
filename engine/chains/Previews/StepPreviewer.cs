using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Domains;
using Actors.Sdk;

namespace Actors.Host.Policies.Foresight;

/// <summary>What would become of one step of a policy.</summary>
internal sealed class StepForesight(string policy, ActorDirectory directory, HostDomain domain)
{
    /// <summary>One for an actor; for a policy, what its own steps are, as <c>POLICY/ACTOR</c>.</summary>
    public async Task<IReadOnlyList<ForeseenStep>> OfAsync(int number, string name, TimeLimits limits, TargetRequest request, CancellationToken cancellation)
    {
        string[] atWork = [.. domain.Path, policy];
        if (directory.FindStep(name, atWork) is not { } entry)
            return [new ForeseenStep(number, name, ForeseenStep.Missing, limits, directory.NoSuchStep(name, atWork))];
        if (!entry.IsPolicy || entry.Actor is IServes { OutOfService: not null })
            return [Oracle.StepOf(number, entry, domain, limits)];
        var inner = await Oracle.OfAsync(entry, domain.Within(policy, IRunObserver.None), request, cancellation);
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
