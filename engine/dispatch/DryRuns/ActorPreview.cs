using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.DryRuns;

/// <summary>Finds out what would be done with a target, and whether the actors could do it.</summary>
internal static class ActorPreview
{
    /// <summary>Returns what an actor or policy would do with a target.</summary>
    public static Task<RunPreview> OfAsync(ActorEntry entry, RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        entry is PolicyEntry policy
            ? policy.Policy.PreviewAsync(domain, request, cancellation)
            : Task.FromResult(new RunPreview([StepOf(0, entry, domain, new TimeLimits(domain.PrimaryTimeout, null))], []));

    /// <summary>Returns the preview of an actor's step: it would be tried, unless a mechanism that it needs is unavailable.</summary>
    public static StepPreview StepOf(int number, ActorEntry actor, RunContext domain, TimeLimits limits) =>
        WhyUnable(actor, domain) is { } reason
            ? new StepPreview(number, actor.Name, StepPreview.Unable, limits, reason)
            : new StepPreview(number, actor.Name, StepPreview.Tries, limits, "");

    private static string? WhyUnable(ActorEntry actor, RunContext domain) =>
        actor.OutOfService ?? (actor is PluginEntry plugin ? plugin.Needs.Select(need => plugin.Refusal(need) ?? WhyNot(need, domain)).FirstOrDefault(reason => reason is not null) : null);

    // The names are those of the manifest. A mechanism that is unknown here is not checked.
    private static string? WhyNot(string need, RunContext domain) => need switch
    {
        "max-mem" => WhyNot(domain.GetMechanism<IMaxMem>()),
        "paging" => WhyNot(domain.GetMechanism<IPaging>()),
        "sharing" => WhyNot(domain.GetMechanism<ISharing>()),
        "tmem" => WhyNot(domain.GetMechanism<ITmem>()),
        "hinting" => WhyNot(domain.GetMechanism<IHinting>()),
        _ => null,
    };

    private static string? WhyNot<T>(Offer<T> offer) where T : class => offer.Available ? null : offer.WhyNot;
}
