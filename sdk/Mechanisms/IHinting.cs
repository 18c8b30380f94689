namespace Actors.Sdk;

/// <summary>
/// Takes pages that the guest has volunteered (guest page hinting). A guest marks its free pages unused, and its clean file cache volatile: the
/// hypervisor may discard those at any time, without a write to disk and without the guest's help at that moment. A discarded page has no frame and no
/// longer counts in the footprint, <see cref="DomainInfo.TotPages"/>; it counts in <see cref="DomainInfo.DiscardedPages"/>. If the guest uses an unused
/// page again, it gets a new frame; a volatile page it reads from its own disk again. Since contract 1.1.
/// </summary>
/// <remarks>
/// The source of the states is Linux's and z/VM's collaborative memory management (CMMA; "Guest page hinting" on linux-kernel, 2006 to 2009). Xen has no
/// interface for it. A discarded page is a promise: the guest may want its frame back at any time, and gets it only while the host has free memory and
/// max_mem allows it.
/// </remarks>
public interface IHinting
{
    /// <summary>Reads what the guest has volunteered.</summary>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<HintingStatus> InspectAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Keeps the footprint at or below a limit as far as volunteered pages are enough for it: pages are discarded now, and later whenever the footprint
    /// exceeds the limit; unused ones first, then volatile ones. The limit stays until it is replaced, even after the actor's call has returned.
    /// </summary>
    /// <param name="limit">The limit for the footprint in KiB; <see langword="null"/> for no limit. What is discarded stays discarded.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The number of pages that were discarded by this call.</returns>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<Pages> SetLimitAsync(Kib? limit, CancellationToken cancellation = default);

    /// <summary>
    /// Gives new frames to at most <paramref name="most"/> pages that were discarded for a limit. It uses free memory of the host. The contents are
    /// lost: what was file cache is free memory of the guest afterwards.
    /// </summary>
    /// <returns>The number of pages that got a frame. It is less than <paramref name="most"/> if no more are discarded, or if max_mem or the host's free memory does not allow more.</returns>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<Pages> ReturnAsync(Pages most, CancellationToken cancellation = default);
}

/// <summary>What a guest has volunteered at one moment. Since contract 1.1.</summary>
/// <param name="Unused">Free pages of the guest that can be discarded now.</param>
/// <param name="Volatile">Pages of its file cache that can be discarded now. The guest reads them from its disk again if it needs them.</param>
/// <param name="Withheld">Pages that were discarded for a limit and that the guest has not used again.</param>
/// <param name="Limit">The limit in KiB; <see langword="null"/> if there is none.</param>
public sealed record HintingStatus(Pages Unused, Pages Volatile, Pages Withheld, Kib? Limit)
{
    /// <summary>Everything that can be discarded now.</summary>
    public Pages Volunteered => Unused + Volatile;
}
