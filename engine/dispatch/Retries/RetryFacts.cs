using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>What is known about a waiting domain at one moment, without a request for this domain.</summary>
/// <param name="Info">What the hypervisor reports.</param>
/// <param name="Directory">A number that changes whenever a plugin or policy is added, replaced or removed; <see langword="null"/> if it is not known.</param>
/// <param name="HasDriver">Whether the guest has published its balloon driver.</param>
internal sealed record RetryFacts(DomainInfo Info, int? Directory = null, bool HasDriver = false);
