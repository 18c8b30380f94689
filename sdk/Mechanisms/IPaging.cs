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
    /// Why the pager cannot work: it ended although nobody stopped it (then <see cref="Running"/> is false), or it runs and its disk is
    /// full; <see langword="null"/> while all is well, and when none was started. What a pager that ended had paged out is lost with it: the
    /// next one begins with an empty page file, so a domain with <see cref="DomainInfo.PagedPages"/> and no pager must be restarted.
    /// </summary>
    string? Fault => null;

    /// <summary>Starts the pager; nothing when it runs already.</summary>
    /// <exception cref="MechanismException">
    /// It does not start; the message is the hypervisor's or the pager's own reason (no HAP, populate-on-demand, a device passed through,
    /// another pager, no room for its page file, pages lost with a pager that died).
    /// </exception>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask StartAsync(CancellationToken cancellation = default);

    /// <summary>Pages everything in and stops the pager; nothing when none runs.</summary>
    ValueTask StopAsync(CancellationToken cancellation = default);
}
