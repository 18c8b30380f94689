using Actors.Host.Domains;
using Actors.Sdk;

namespace Actors.Host.Dispatch.Foresight;

/// <summary>Asks what would be done, and whether those who would do it could.</summary>
internal static class Oracle
{
    /// <summary>What an actor or policy would do with a target.</summary>
    public static Task<Foreseen> OfAsync(ActorEntry entry, HostDomain domain, TargetRequest request, CancellationToken cancellation) =>
        entry.Actor is IForesees foresees
            ? foresees.ForeseeAsync(domain, request, cancellation)
            : Task.FromResult(new Foreseen([StepOf(0, entry, domain, new TimeLimits(domain.PrimaryTimeout, null))], []));

    /// <summary>A step that is an actor's: it would be tried, unless something that it needs is not there.</summary>
    public static ForeseenStep StepOf(int number, ActorEntry actor, HostDomain domain, TimeLimits limits) =>
        WhyUnable(actor, domain) is { } reason
            ? new ForeseenStep(number, actor.Name, ForeseenStep.Unable, limits, reason)
            : new ForeseenStep(number, actor.Name, ForeseenStep.Tries, limits, "");

    private static string? WhyUnable(ActorEntry actor, HostDomain domain) =>
        (actor.Actor as IServes)?.OutOfService ?? actor.Needs.Select(need => WhyNot(need, domain)).FirstOrDefault(reason => reason is not null);

    // By the words that a plugin's manifest has for them; what is not known here is not asked for.
    private static string? WhyNot(string need, HostDomain domain) => need switch
    {
        "max-mem" => WhyNot(domain.GetMechanism<IMaxMem>()),
        "paging" => WhyNot(domain.GetMechanism<IPaging>()),
        "sharing" => WhyNot(domain.GetMechanism<ISharing>()),
        "tmem" => WhyNot(domain.GetMechanism<ITmem>()),
        _ => null,
    };

    private static string? WhyNot<T>(Offer<T> offer) where T : class => offer.Available ? null : offer.WhyNot;
}
