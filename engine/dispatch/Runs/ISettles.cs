using Actors.Host.Domains;
using Actors.Sdk;

namespace Actors.Host.Dispatch;

/// <summary>
/// An actor that has something left to do after it told its outcome: a chain relaxes its later steps when an earlier one catches up.
/// </summary>
internal interface ISettles
{
    /// <summary>Does it, and says what came of it; <see langword="null"/> when there was nothing to do.</summary>
    Task<Outcome?> SettleAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation);
}
