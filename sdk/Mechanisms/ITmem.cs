namespace Actors.Sdk;

/// <summary>
/// The transcendent memory of one domain: pools outside its own memory in which its guest puts pages. Xen up to 4.12 had it
/// (<c>XEN_SYSCTL_tmem_op</c>; <c>xl tmem-freeze</c>, <c>tmem-thaw</c>, <c>tmem-set</c>); 4.13 removed it.
/// </summary>
/// <remarks>
/// An ephemeral page is a copy that its guest can do without: it may be dropped at any moment. A persistent page is the guest's data,
/// and leaves when the guest takes it back, never before. How much of both counts in the footprint tells <see cref="DomainInfo.TmemPages"/>.
/// </remarks>
public interface ITmem
{
    /// <summary>How the pools are.</summary>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask<TmemPools> InspectAsync(CancellationToken cancellation = default);

    /// <summary>The pools take no page any more; what is in them stays, and can be taken back. Nothing when frozen already.</summary>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask FreezeAsync(CancellationToken cancellation = default);

    /// <summary>The pools take pages again. Nothing when they do already.</summary>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask ThawAsync(CancellationToken cancellation = default);

    /// <summary>The most that the pools may hold together; what is above it stays until it is flushed or taken back.</summary>
    /// <param name="cap">In KiB; <see langword="null"/> for no limit.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask SetCapAsync(Kib? cap, CancellationToken cancellation = default);

    /// <summary>How much of the host's ephemeral pages the domain may keep, relative to the others, when the host needs memory.</summary>
    /// <param name="weight">0 and more; 0 keeps nothing that another could have.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask SetWeightAsync(int weight, CancellationToken cancellation = default);

    /// <summary>Drops up to so many ephemeral pages, and none that is persistent.</summary>
    /// <returns>How many were dropped: fewer than asked for when there are no more.</returns>
    /// <exception cref="DomainGoneException">The domain is gone.</exception>
    ValueTask<Pages> FlushAsync(Pages most, CancellationToken cancellation = default);
}

/// <summary>The tmem pools of one domain at one moment.</summary>
/// <param name="Ephemeral">Pages that may be dropped.</param>
/// <param name="Persistent">Pages that may not.</param>
/// <param name="Frozen">Whether they take no page.</param>
/// <param name="Cap">The most that they may hold together, in KiB; <see langword="null"/> for no limit.</param>
/// <param name="Weight">See <see cref="ITmem.SetWeightAsync"/>.</param>
public sealed record TmemPools(Pages Ephemeral, Pages Persistent, bool Frozen, Kib? Cap, int Weight)
{
    /// <summary>All that they hold.</summary>
    public Pages Held => Ephemeral + Persistent;
}
