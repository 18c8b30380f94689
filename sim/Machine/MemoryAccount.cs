using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>A domain as the hypervisor's allocator sees it: what it has claimed (<c>XENMEM_claim_pages</c>), and on which nodes its pages are.</summary>
internal sealed class MemoryAccount
{
    /// <summary>What is claimed anywhere in the machine and not allocated yet.</summary>
    public Pages ClaimedAnywhere { get; set; }

    /// <summary>Where its pages are, and what it has claimed on single nodes; <see langword="null"/> where nodes are not simulated.</summary>
    public NodeAccount? Nodes { get; init; }

    /// <summary>What is still claimed; zero when there is no claim.</summary>
    public Pages Outstanding => Nodes is null ? ClaimedAnywhere : ClaimedAnywhere + Nodes.Outstanding;
}
