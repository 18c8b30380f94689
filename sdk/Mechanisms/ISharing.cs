namespace Actors.Sdk;

/// <summary>
/// Shares identical pages between domains (<c>XENMEM_sharing_op</c>): one copy for all of them, until a domain writes to the page and gets
/// its own copy (copy-on-write). Works only for HVM and PVH domains with HAP. A shared page belongs to Xen's <c>dom_cow</c> and to no other
/// domain: it is no longer part of the footprint, <see cref="DomainInfo.TotPages"/>, and counts in <see cref="DomainInfo.SharedPages"/>.
/// </summary>
/// <remarks>
/// Pages are shared only among domains with the same value in the key <see cref="DomainKeys.SharingGroup"/>, which only a toolstack can
/// write. The reason is security: a write to a shared page takes longer, so a guest can find out what the other guest has in memory.
/// </remarks>
public interface ISharing
{
    /// <summary>Reads the state of sharing for this domain.</summary>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<SharingStatus> InspectAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Looks for identical pages in the domains of the group, and shares at most <paramref name="most"/> pages of this domain. This can take
    /// long. If it is cancelled, the pages that are already shared stay shared.
    /// </summary>
    /// <returns>The number of pages that were shared by this call. It is less than <paramref name="most"/> if no more pages are identical.</returns>
    /// <exception cref="MechanismException">The hypervisor rejected the call; the message is its reason.</exception>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<Pages> ShareAsync(Pages most, CancellationToken cancellation = default);

    /// <summary>Gives the domain its own copies of at most <paramref name="most"/> shared pages. This can take long, and it uses free memory of the host.</summary>
    /// <returns>The number of pages that the domain got back. It is less than <paramref name="most"/> if no more pages are shared, or if max_mem or the host's free memory does not allow more.</returns>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<Pages> UnshareAsync(Pages most, CancellationToken cancellation = default);
}

/// <summary>The state of sharing for one domain at one moment.</summary>
public sealed record SharingStatus
{
    /// <summary>The sharing group. The value is <see langword="null"/> if the domain is in no group and shares with no other domain.</summary>
    public string? Group { get; init; }

    /// <summary>The number of other domains in the group that share a page with this one.</summary>
    public int Partners { get; init; }

    /// <summary>The pages of this domain that are shared.</summary>
    public Pages Shared { get; init; }

    /// <summary>What the shared pages contain, for people to read: <c>zero</c>, <c>image debian-12</c>. Empty if the hypervisor does not report it.</summary>
    public IReadOnlyList<string> Contents { get; init; } = [];

    /// <summary>The pages of the host that are free because of this domain's sharing: its part of what all partners saved together.</summary>
    public Pages Freed { get; init; }

    /// <summary>The number of shared pages that the domain has written to since sharing began. Each of them is a private page again.</summary>
    public Pages TakenBack { get; init; }
}
