namespace Actors.Sdk;

/// <summary>
/// Shares identical pages between domains (<c>XENMEM_sharing_op</c>): one copy for all, until one of them writes and gets its own
/// (copy-on-write). HVM and PVH with HAP alone. A shared page belongs to no domain any more (Xen's <c>dom_cow</c>): it leaves the
/// footprint, <see cref="DomainInfo.TotPages"/>, and counts in <see cref="DomainInfo.SharedPages"/>.
/// </summary>
/// <remarks>
/// Pages are shared only among domains with the same value in the key <see cref="DomainKeys.SharingGroup"/>, which only a toolstack can
/// write: who shares a page with a stranger can learn from the time a write takes what the stranger has in memory.
/// </remarks>
public interface ISharing
{
    /// <summary>How it stands for this domain.</summary>
    /// <exception cref="DomainGoneException">It is gone.</exception>
    ValueTask<SharingStatus> InspectAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Looks for identical pages in the domains of the group, and shares up to so many of this domain's. Takes its time; what was
    /// shared before a cancellation stays shared.
    /// </summary>
    /// <returns>How many were shared now: fewer than asked for when there are no more that are identical.</returns>
    /// <exception cref="MechanismException">The hypervisor refuses; the message is its own reason.</exception>
    /// <exception cref="DomainGoneException">It is gone.</exception>
    ValueTask<Pages> ShareAsync(Pages most, CancellationToken cancellation = default);

    /// <summary>Gives the domain its own copies of up to so many of its shared pages. Takes its time, and memory of the host.</summary>
    /// <returns>How many it got: fewer than asked for when no more are shared, or max_mem or the host's free memory stands in the way.</returns>
    /// <exception cref="DomainGoneException">It is gone.</exception>
    ValueTask<Pages> UnshareAsync(Pages most, CancellationToken cancellation = default);
}

/// <summary>How sharing stands for one domain at one moment.</summary>
public sealed record SharingStatus
{
    /// <summary>The sharing group; <see langword="null"/> when the domain is in none, and so shares with nobody.</summary>
    public string? Group { get; init; }

    /// <summary>How many other domains of the group have a page in common with it.</summary>
    public int Partners { get; init; }

    /// <summary>Its pages that are shared.</summary>
    public Pages Shared { get; init; }

    /// <summary>What is in them, for a person: <c>zero</c>, <c>image debian-12</c>; empty where the hypervisor does not say.</summary>
    public IReadOnlyList<string> Contents { get; init; } = [];

    /// <summary>Pages of the host that are free because this domain's are shared: its part of what all partners saved.</summary>
    public Pages Freed { get; init; }

    /// <summary>Shared pages that it has written to since it began to share, each of which is its own again.</summary>
    public Pages TakenBack { get; init; }
}
