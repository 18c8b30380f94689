namespace Actors.Sdk;

/// <summary>
/// The transcendent memory of one domain: pools outside the domain's own memory, into which the guest puts pages. Xen had it up to 4.12
/// (<c>XEN_SYSCTL_tmem_op</c>; <c>xl tmem-freeze</c>, <c>tmem-thaw</c>, <c>tmem-set</c>); Xen 4.13 removed it.
/// </summary>
/// <remarks>
/// An ephemeral page is a copy that the guest can do without; it may be dropped at any time. A persistent page is data of the guest and
/// stays until the guest takes it back. <see cref="DomainInfo.TmemPages"/> says how much of both counts in the footprint.
/// </remarks>
public interface ITmem
{
    /// <summary>Reads the state of the pools.</summary>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<TmemPools> InspectAsync(CancellationToken cancellation = default);

    /// <summary>Makes the pools accept no more pages. The pages in them stay, and the guest can take them back. Does nothing if the pools are already frozen.</summary>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask FreezeAsync(CancellationToken cancellation = default);

    /// <summary>Makes the pools accept pages again. Does nothing if they are not frozen.</summary>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask ThawAsync(CancellationToken cancellation = default);

    /// <summary>Limits what the pools may hold together. Pages above the limit stay until they are flushed or the guest takes them back.</summary>
    /// <param name="cap">The limit in KiB; <see langword="null"/> for no limit.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask SetCapAsync(Kib? cap, CancellationToken cancellation = default);

    /// <summary>Sets the share of ephemeral pages that the domain may keep when the host needs memory, relative to the other domains.</summary>
    /// <param name="weight">The weight, 0 or more. With 0 the domain keeps no page that another domain could have.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask SetWeightAsync(int weight, CancellationToken cancellation = default);

    /// <summary>Drops at most <paramref name="most"/> ephemeral pages. Persistent pages are never dropped.</summary>
    /// <returns>The number of pages that were dropped. It is less than <paramref name="most"/> if there are no more.</returns>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<Pages> FlushAsync(Pages most, CancellationToken cancellation = default);
}

/// <summary>The tmem pools of one domain at one moment.</summary>
/// <param name="Ephemeral">Pages that may be dropped.</param>
/// <param name="Persistent">Pages that may not.</param>
/// <param name="Frozen">Whether the pools accept no more pages.</param>
/// <param name="Cap">The limit for all pools together, in KiB; <see langword="null"/> for no limit.</param>
/// <param name="Weight">The weight; see <see cref="ITmem.SetWeightAsync"/>.</param>
public sealed record TmemPools(Pages Ephemeral, Pages Persistent, bool Frozen, Kib? Cap, int Weight)
{
    /// <summary>All pages in the pools.</summary>
    public Pages Held => Ephemeral + Persistent;
}
