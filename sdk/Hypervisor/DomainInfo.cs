namespace Actors.Sdk;

/// <summary>What the hypervisor reports about a domain at one moment. It is the only source that a guest cannot forge.</summary>
public sealed record DomainInfo
{
    /// <summary>The number of the domain. It changes with every reboot and migration.</summary>
    public required int Domid { get; init; }

    /// <summary>The handle of the domain. It survives reboots and migrations.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>How the domain is virtualised.</summary>
    public required DomainKind Kind { get; init; }

    /// <summary>What the domain is doing.</summary>
    public required DomainState State { get; init; }

    /// <summary>The pages that the domain actually holds: <c>tot_pages</c> of <c>XEN_DOMCTL_getdomaininfo</c>.</summary>
    public required Pages TotPages { get; init; }

    /// <summary>The most pages that the domain may hold: <c>max_pages</c> of <c>XEN_DOMCTL_getdomaininfo</c>, set through max_mem.</summary>
    public required Pages MaxPages { get; init; }

    /// <summary>Pages that belong to the guest but are currently paged out by a pager: <c>paged_pages</c>.</summary>
    public Pages PagedPages { get; init; }

    /// <summary>Pages that are shared with other domains: <c>shr_pages</c>. They are not in <see cref="TotPages"/>, because no domain owns them.</summary>
    public Pages SharedPages { get; init; }

    /// <summary>
    /// The part of the domain's tmem pools that is in <see cref="TotPages"/>. On Xen up to 4.12 these are the persistent pages (no domain owns
    /// the ephemeral ones), on a simulated host all pages, and on Xen from 4.13 none.
    /// </summary>
    public Pages TmemPages { get; init; }

    /// <summary>
    /// Pages that the guest was promised but that were never allocated (populate on demand), because it was started below its static-max.
    /// While there are any, the footprint can change without the guest's help, and no pager can run.
    /// </summary>
    public Pages PopulateOnDemandPages { get; init; }

    /// <summary>
    /// Pages that the guest counts as its own and that have no frame, because the hypervisor has discarded them; see <see cref="IHinting"/>. They are
    /// not in <see cref="TotPages"/>. None on a real Xen. Since contract 1.1.
    /// </summary>
    public Pages DiscardedPages { get; init; }

    /// <summary>
    /// How many chunks of 2 MiB the hypervisor maps with one page; <see langword="null"/> where it cannot tell. Xen has no interface for it, a
    /// simulated host with superpages has. Since contract 1.1.
    /// </summary>
    public long? Superpages { get; init; }

    /// <summary>The footprint: <see cref="TotPages"/> in KiB.</summary>
    public Kib Footprint => TotPages.ToKib();

    /// <summary>What the footprint would be if nothing were paged out, shared or discarded: everything outside the balloon, plus the tmem pools.</summary>
    public Kib Populated => (TotPages + PagedPages + SharedPages + DiscardedPages).ToKib();

    /// <summary>The most that the domain may hold: <see cref="MaxPages"/> in KiB.</summary>
    public Kib MaxMem => MaxPages.ToKib();
}
