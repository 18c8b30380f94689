namespace Actors.Sdk;

/// <summary>
/// A pager for one domain. Where it should take the footprint is told through the key <c>memory/target-tot_pages</c>
/// (KiB, in spite of its name), as xenpaging reads it; this starts and stops it.
/// </summary>
public interface IPaging
{
    /// <summary>Whether a pager of ours is running for the domain.</summary>
    bool Running { get; }

    /// <summary>
    /// Why the pager ended although nobody stopped it; <see langword="null"/> while it runs, and when none was started. What it had paged
    /// out lies in its page file, and the next one that is started takes it over; until then, a guest that touches such a page waits.
    /// </summary>
    string? Fault => null;

    /// <summary>Starts the pager; nothing when it runs already.</summary>
    /// <exception cref="MechanismException">
    /// It does not start; the message is the hypervisor's or the pager's own reason (no HAP, populate-on-demand, a device passed through,
    /// another pager, no room for its page file).
    /// </exception>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask StartAsync(CancellationToken cancellation = default);

    /// <summary>Pages everything in and stops the pager; nothing when none runs.</summary>
    ValueTask StopAsync(CancellationToken cancellation = default);
}
