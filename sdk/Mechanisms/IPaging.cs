namespace Actors.Sdk;

/// <summary>
/// The pager of one domain. This interface starts and stops it. Its target is written to the key <c>memory/target-tot_pages</c> (KiB, despite
/// its name), which xenpaging reads.
/// </summary>
public interface IPaging
{
    /// <summary>Whether a pager that was started through this interface is running for the domain.</summary>
    bool Running { get; }

    /// <summary>
    /// Why the pager does not work: either it ended although it was not stopped (then <see cref="Running"/> is false), or it is running but its
    /// disk is full. The value is <see langword="null"/> while the pager works, and before it is started. If a pager ends unexpectedly, the pages
    /// that it had paged out are lost: the next pager begins with an empty page file. A domain with <see cref="DomainInfo.PagedPages"/> and no
    /// pager must therefore be restarted.
    /// </summary>
    string? Fault => null;

    /// <summary>
    /// How many pages were paged in because the guest touched them, since the domain was built; <see langword="null"/> when the hypervisor
    /// does not count them. It only grows: the difference of two readings is how much of its working set the guest misses.
    /// </summary>
    Pages? FaultedIn => null;

    /// <summary>Starts the pager. Does nothing if it is already running.</summary>
    /// <exception cref="MechanismException">
    /// The pager does not start. The message is the reason given by the hypervisor or the pager: no HAP, populate-on-demand, a passed-through
    /// device, another pager, no space for the page file, or pages that were lost with an earlier pager.
    /// </exception>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask StartAsync(CancellationToken cancellation = default);

    /// <summary>Pages everything in and stops the pager. Does nothing if no pager is running.</summary>
    ValueTask StopAsync(CancellationToken cancellation = default);
}
