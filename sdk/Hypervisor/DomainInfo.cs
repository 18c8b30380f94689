namespace Actors.Sdk;

/// <summary>What the hypervisor says of a domain at one moment. It is the only source that a guest cannot forge.</summary>
public sealed record DomainInfo
{
    /// <summary>The domain's number; another one after each reboot and migration.</summary>
    public required int Domid { get; init; }

    /// <summary>The domain's handle: the same after each reboot and migration.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>How it is virtualised.</summary>
    public required DomainKind Kind { get; init; }

    /// <summary>What it is doing.</summary>
    public required DomainState State { get; init; }

    /// <summary>What it really holds: <c>tot_pages</c> of <c>XEN_DOMCTL_getdomaininfo</c>.</summary>
    public required Pages TotPages { get; init; }

    /// <summary>What it may hold at most: <c>max_pages</c> of <c>XEN_DOMCTL_getdomaininfo</c>, set through max_mem.</summary>
    public required Pages MaxPages { get; init; }

    /// <summary>Pages that the guest believes to have and that a pager holds outside: <c>paged_pages</c>.</summary>
    public Pages PagedPages { get; init; }

    /// <summary>Pages that are shared with other domains: <c>shr_pages</c>. They are not in <see cref="TotPages"/>, as nobody owns them.</summary>
    public Pages SharedPages { get; init; }

    /// <summary>
    /// Pages of its tmem pools that are in <see cref="TotPages"/>: on Xen up to 4.12 the persistent ones (the ephemeral ones belong to nobody),
    /// on a simulated host all of them, on Xen from 4.13 none.
    /// </summary>
    public Pages TmemPages { get; init; }

    /// <summary>The footprint: <see cref="TotPages"/> in KiB.</summary>
    public Kib Footprint => TotPages.ToKib();

    /// <summary>What the footprint would be if nothing were paged out and nothing shared: what is outside of its balloon, and its tmem pools.</summary>
    public Kib Populated => (TotPages + PagedPages + SharedPages).ToKib();

    /// <summary>The most that it may hold, in KiB.</summary>
    public Kib MaxMem => MaxPages.ToKib();
}
