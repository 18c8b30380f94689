using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>How a toolstack fills a new domain with memory over time.</summary>
internal sealed record BuildSpec
{
    /// <summary>How fast it is filled.</summary>
    public required Rate Rate { get; init; }

    /// <summary>How the toolstack keeps the memory for it meanwhile.</summary>
    public ClaimBy ClaimBy { get; init; } = ClaimBy.Nothing;

    /// <summary>The footprint with which a running domain arrives from another host; <see langword="null"/> for a domain that boots.</summary>
    public Kib? Arrives { get; init; }
}

/// <summary>How a toolstack keeps memory for a domain that it builds.</summary>
internal enum ClaimBy
{
    /// <summary>It looks once whether there is enough, and hopes.</summary>
    Nothing,

    /// <summary>The hypervisor keeps it (<c>XENMEM_claim_pages</c>).</summary>
    Hypervisor,

    /// <summary>It lowers max_mem of all other domains, as was proposed instead of the hypercall.</summary>
    Toolstack,
}
