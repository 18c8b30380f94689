using Actors.Dispatch.Domains;

namespace Actors.Dispatch.Runs;

/// <summary>Finds the domains on which an actor holds something, so that the actor can be removed.</summary>
internal interface IEngagedDomains
{
    IReadOnlyList<HostDomain> EngagedBy(string actor);

    /// <summary>Requests a new run for the domain's target, because its last outcome no longer holds.</summary>
    void RetryTarget(HostDomain domain);
}
