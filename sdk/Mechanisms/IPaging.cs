namespace Actors.Sdk;

/// <summary>
/// A pager for one domain. Where it should take the footprint is told through the key <c>memory/target-tot_pages</c>
/// (KiB, in spite of its name), as xenpaging reads it; this starts and stops it.
/// </summary>
public interface IPaging
{
    /// <summary>Whether a pager of ours is running for the domain.</summary>
    bool Running { get; }

    /// <summary>Starts the pager; nothing when it runs already.</summary>
    /// <exception cref="MechanismException">It does not start; the message is the hypervisor's or the pager's own reason.</exception>
    ValueTask StartAsync(CancellationToken cancellation = default);

    /// <summary>Pages everything in and stops the pager; nothing when none runs.</summary>
    ValueTask StopAsync(CancellationToken cancellation = default);
}
