using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>How large a domain is.</summary>
/// <param name="Populated">What is outside of its balloon, without what lies out of the balloon's reach.</param>
/// <param name="PagedOut">What of that a pager holds.</param>
/// <param name="MaxPages">The most that the hypervisor lets it have.</param>
/// <param name="Persistent">What is in its persistent tmem pools.</param>
internal readonly record struct DomainSize(Pages Populated, Pages PagedOut, Pages MaxPages, Pages Persistent = default)
{
    /// <summary>A guest that uses tmem is given room for its pools.</summary>
    public static DomainSize AsBuilt(DomainSpec spec) => new(
        (spec.Memory - spec.Offset).ToPages(), Pages.Zero, (spec.Memory + DomainSpec.MaxMemSlack + spec.Guest.Tmem.Wanted).ToPages());
}
