using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>The size of a domain.</summary>
/// <param name="Populated">The pages outside its balloon, without those that the balloon cannot reach (the offset).</param>
/// <param name="PagedOut">How many of those a pager has paged out.</param>
/// <param name="MaxPages">The most pages that the hypervisor lets it have.</param>
/// <param name="Persistent">The pages in its persistent tmem pools.</param>
/// <param name="Discarded">How many of the populated pages the host had discarded to keep a limit.</param>
internal readonly record struct DomainSize(Pages Populated, Pages PagedOut, Pages MaxPages, Pages Persistent = default, Pages Discarded = default)
{
    /// <summary>
    /// The size of a domain when it is built. A guest that uses tmem gets room for its pools, and one that balloons itself may grow to its maximum.
    /// </summary>
    public static DomainSize AsBuilt(DomainSpec spec) => new(
        (spec.Memory - spec.Offset).ToPages(), Pages.Zero,
        ((spec.Guest.SelfBalloon is null ? spec.Memory : spec.Most) + DomainSpec.MaxMemSlack + spec.Guest.Tmem.Wanted).ToPages());
}
