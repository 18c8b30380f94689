namespace Actors.Sdk;

/// <summary>
/// A mechanism that moves the footprint of domains. One instance serves many domains, several of them concurrently. For each single
/// domain, the host makes only one call at a time.
/// </summary>
/// <remarks>
/// An actor may throw any exception. The host catches it, reports it to the operator, and continues with the next step of the domain's chain.
/// Await without <c>ConfigureAwait(false)</c>, and take all time from <see cref="IDomain.Time"/>. Otherwise a run in the simulator is not repeatable.
/// </remarks>
public interface IActor : IAsyncDisposable
{
    /// <summary>
    /// Moves the domain's footprint to <see cref="TargetRequest.Target"/> and returns how that ended. Afterwards the actor stays engaged,
    /// even if the call was cancelled: a balloon keeps its target, for example, until <see cref="ReleaseAsync"/> is called.
    /// </summary>
    /// <param name="domain">The domain.</param>
    /// <param name="request">The requested target and its limits.</param>
    /// <param name="cancellation">Cancelled when a newer target supersedes this one, or when the time is up. The actor must then throw <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DomainGoneException">The domain no longer exists. The actor must not catch this exception.</exception>
    Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation);

    /// <summary>
    /// Undoes whatever the actor holds on the domain, so that another actor can take over. The host also calls this for domains on which
    /// the actor never acted, and for domains that no longer exist. In both cases there is nothing to do.
    /// </summary>
    Task ReleaseAsync(IDomain domain, CancellationToken cancellation);
}
