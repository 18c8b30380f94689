using Actors.Dispatch.Domains;

namespace Actors.Dispatch.Runs;

/// <summary>The domains on which an actor holds something, for whoever takes the actor away.</summary>
internal interface IEngagedDomains
{
    IReadOnlyList<HostDomain> EngagedBy(string actor);

    /// <summary>What the domain was promised holds no longer: its target is taken up again.</summary>
    void LookAgain(HostDomain domain);
}
