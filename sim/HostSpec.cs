using Actors.Sdk;

namespace Actors.Sim;

/// <summary>The simulated machine, and what its Xen was built with.</summary>
internal sealed record HostSpec
{
    public Kib Memory { get; init; } = Kib.FromGiB(8);

    /// <summary>What dom0 holds of it, for good.</summary>
    public Kib Dom0Memory { get; init; } = Kib.FromMiB(512);

    public Seed Seed { get; init; } = new(1);

    /// <summary>Whether Xen is built with memory paging (<c>CONFIG_MEM_PAGING</c>); distributions build it without.</summary>
    public bool Paging { get; init; } = true;

    /// <summary>How fast a pager moves pages, either way.</summary>
    public Rate PagingRate { get; init; } = Rate.MiBPerSecond(64);
}
