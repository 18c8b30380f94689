using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.DryRuns;

/// <summary>Asks what would be done, and whether those who would do it could.</summary>
internal static class ActorPreview
{
    /// <summary>What an actor or policy would do with a target.</summary>
    public static Task<RunPreview> OfAsync(ActorEntry entry, RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        entry is PolicyEntry policy
            ? policy.Policy.PreviewAsync(domain, request, cancellation)
            : Task.FromResult(new RunPreview([StepOf(0, entry, domain, new TimeLimits(domain.PrimaryTimeout, null))], []));

    /// <summary>A step that is an actor's: it would be tried, unless something that it needs is not there.</summary>
    public static StepPreview StepOf(int number, ActorEntry actor, RunContext domain, TimeLimits limits) =>
        WhyUnable(actor, domain) is { } reason
            ? new StepPreview(number, actor.Name, StepPreview.Unable, limits, reason)
            : new StepPreview(number, actor.Name, StepPreview.Tries, limits, "");

    private static string? WhyUnable(ActorEntry actor, RunContext domain) =>
        actor.OutOfService ?? (actor as PluginEntry)?.Needs.Select(need => WhyNot(need, domain)).FirstOrDefault(reason => reason is not null);

    // By the words that a plugin's manifest has for them; what is not known here is not asked for.
    private static string? WhyNot(string need, RunContext domain) => need switch
    {
        "max-mem" => WhyNot(domain.GetMechanism<IMaxMem>()),
        "paging" => WhyNot(domain.GetMechanism<IPaging>()),
        "sharing" => WhyNot(domain.GetMechanism<ISharing>()),
        "tmem" => WhyNot(domain.GetMechanism<ITmem>()),
        _ => null,
    };

    private static string? WhyNot<T>(Offer<T> offer) where T : class => offer.Available ? null : offer.WhyNot;
}
