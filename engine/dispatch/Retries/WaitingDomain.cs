namespace Actors.Dispatch.Retries;

/// <summary>A domain that waits, with the facts at its last attempt, if they are known, and the facts now.</summary>
internal sealed record WaitingDomain(Waiting Waiting, RetryFacts? Before, RetryFacts Now)
{
    public int Domid => Now.Info.Domid;
}
