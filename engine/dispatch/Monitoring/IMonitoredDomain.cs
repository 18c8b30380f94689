using Actors.Dispatch.Retries;
using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>A domain that the monitor checks.</summary>
internal interface IMonitoredDomain : IWaitingDomain
{
    /// <summary>Whether the next check must come soon.</summary>
    bool IsRestless { get; }

    /// <summary>Compares the domain with its state. This makes no request to the store.</summary>
    void Check(DomainInfo info);
}
