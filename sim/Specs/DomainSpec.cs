using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>The domain that a toolstack builds: its configuration file, and the guest that will run in it.</summary>
internal sealed record DomainSpec
{
    /// <summary>libxl's LIBXL_MAXMEM_CONSTANT: how far max_mem lies above the memory of a domain.</summary>
    public static readonly Kib MaxMemSlack = Kib.FromMiB(1);

    /// <summary>The emulated hardware and a kernel need this much.</summary>
    public static readonly Kib Smallest = Kib.FromMiB(32);

    public required string Name { get; init; }

    public DomainKind Kind { get; init; } = DomainKind.Pvh;

    /// <summary>The footprint when the domain is built.</summary>
    public required Kib Memory { get; init; }

    /// <summary>The most that the domain can ever hold; equal to <see cref="Memory"/> when not given.</summary>
    public Kib? StaticMax { get; init; }

    /// <summary>The UUID; derived from the seed and the name when not given.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>
    /// Whether the domain has hardware-assisted paging, without which it can neither be paged nor share pages. A PV domain never has
    /// it.
    /// </summary>
    public bool Hap { get; init; } = true;

    /// <summary>
    /// Whether the domain is built with less memory than its maximum and filled when it is touched. Xen allows no pager then.
    /// </summary>
    public bool PopulateOnDemand { get; init; }

    /// <summary>
    /// Whether a device of the host is passed through. It reaches memory without the hypervisor, so paging and sharing are impossible.
    /// </summary>
    public bool Passthrough { get; init; }

    /// <summary>Whether a pager that is not ours is attached to the domain.</summary>
    public bool OtherPager { get; init; }

    /// <summary>The sharing group; the domain shares with no other if it is absent.</summary>
    public string? SharingGroup { get; init; }

    /// <summary>The NUMA node on which it gets its memory, as long as there is any; all nodes alike when not given.</summary>
    public int? Node { get; init; }

    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(2);

    public GuestSpec Guest { get; init; } = new();

    public Kib Most => StaticMax ?? Memory;

    /// <summary>The emulated graphics card of an HVM domain.</summary>
    public Kib VideoRam => Kind == DomainKind.Hvm ? Kib.FromMiB(8) : Kib.Zero;

    /// <summary>
    /// The part of the footprint that the balloon cannot reach: video memory, special pages, ROMs. It is the reason why
    /// <c>tot_pages</c> and <c>memory/target</c> differ by a constant in domains that are not paravirtualised.
    /// </summary>
    public Kib Offset => Kind == DomainKind.Pv ? Kib.Zero : VideoRam + Kib.FromMiB(1);
}
