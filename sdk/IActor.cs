namespace Actors.Sdk;

/// <summary>
/// A mechanism that moves the footprint of domains. One instance serves many domains, several at once, but is asked for one
/// domain by one caller at a time.
/// </summary>
/// <remarks>
/// Throw what you like: the host catches it, tells the operator, and goes on with the next step of the domain's chain.
/// Await without <c>ConfigureAwait(false)</c> and take all time from <see cref="IDomain.Time"/>: then a run in the simulator is repeatable.
/// </remarks>
public interface IActor : IAsyncDisposable
{
    /// <summary>
    /// Moves the domain's footprint to <see cref="TargetRequest.Target"/>, and says how that ended. What it has set going stays
    /// engaged afterwards, even when it was cancelled (a balloon keeps its target), until <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <param name="domain">The domain.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellation">Cancelled when a newer target supersedes this one or time is up; then throw <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DomainGoneException">The domain went away; pass it on.</exception>
    Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation);

    /// <summary>
    /// Gives back whatever it holds on the domain; after it, another actor may take over. Is also called on a domain on which
    /// it never acted, and on one that is gone: then there is nothing to do.
    /// </summary>
    Task ReleaseAsync(IDomain domain, CancellationToken cancellation);
}
