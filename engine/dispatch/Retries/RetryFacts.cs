using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>The facts about a waiting domain at one moment. Reading them takes no request for this domain.</summary>
/// <param name="Info">What the hypervisor reports.</param>
/// <param name="Directory">A number that changes whenever a plugin or policy is added, replaced or removed; <see langword="null"/> if it is not known.</param>
/// <param name="DriverReports">The number of times that the guest has published a balloon driver.</param>
internal sealed record RetryFacts(DomainInfo Info, int? Directory = null, int DriverReports = 0);
