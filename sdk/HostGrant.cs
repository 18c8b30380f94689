namespace Actors.Sdk;

/// <summary>Free memory of the host that a domain may take.</summary>
/// <param name="Amount">The memory that the domain may take from now on, in KiB. It can be less than what was requested, or zero.</param>
/// <param name="Host">The host's memory. What other domains were granted and have not taken yet counts as claimed.</param>
public sealed record HostGrant(Kib Amount, HostMemory Host);
