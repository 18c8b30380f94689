using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>A domain whose target may wait for something.</summary>
internal interface IWaitingDomain
{
    int Domid { get; }

    /// <summary>Whether the target waits, with the facts now; <see langword="null"/> if it does not, or while a run is in progress.</summary>
    WaitingDomain? WaitingAt(DomainInfo info);

    /// <summary>The memory that a run in progress still takes from the host.</summary>
    Kib GrowthFrom(Kib footprint);

    void Retry(Retry retry);
}
