namespace Actors.Sdk;

/// <summary>The host's memory at one moment.</summary>
/// <param name="Total">All memory of the host.</param>
/// <param name="Free">The memory that no domain holds. Part of it may be claimed.</param>
/// <param name="Claimed">The memory that is promised to domains by <c>XENMEM_claim_pages</c> but not allocated yet.</param>
public sealed record HostMemory(Kib Total, Kib Free, Kib Claimed)
{
    /// <summary>The memory that the host keeps free for itself. No growth of a domain may use it.</summary>
    public Kib Reserve { get; init; }

    /// <summary>The free memory that domains may still take: neither claimed nor reserved. Never negative.</summary>
    public Kib Available => Kib.Max(Kib.Zero, Free - Claimed - Reserve);
}
