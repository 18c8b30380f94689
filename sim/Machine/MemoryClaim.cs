using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>The part of a domain's claim (<c>XENMEM_claim_pages</c>) that it has not allocated yet.</summary>
internal sealed class MemoryClaim
{
    /// <summary>The pages that are still claimed; zero when there is no claim.</summary>
    public Pages Outstanding { get; set; }
}
