namespace Actors.Sdk;

/// <summary>The host's memory at one moment.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">What no domain holds; a part of it may be claimed.</param>
/// <param name="Claimed">What is promised to domains by <c>XENMEM_claim_pages</c> and not allocated yet.</param>
public sealed record HostMemory(Kib Total, Kib Free, Kib Claimed);
