using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>What is known about a waiting domain at one moment, without a request for this domain.</summary>
/// <param name="Info">What the hypervisor reports.</param>
/// <param name="Directory">A number that changes whenever a plugin or policy is added, replaced or removed; <see langword="null"/> if it is not known.</param>
/// <param name="DriverReports">How often the guest has published a balloon driver.</param>
internal sealed record RetryFacts(DomainInfo Info, int? Directory = null, int DriverReports = 0);
