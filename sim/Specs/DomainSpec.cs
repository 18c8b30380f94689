using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>What a toolstack is asked to build: the configuration file of a domain, and the guest that will run in it.</summary>
internal sealed record DomainSpec
{
    /// <summary>libxl's LIBXL_MAXMEM_CONSTANT: what it allows a domain above what it promised it.</summary>
    public static readonly Kib MaxMemSlack = Kib.FromMiB(1);

    public required string Name { get; init; }

    public DomainKind Kind { get; init; } = DomainKind.Pvh;

    /// <summary>Its footprint when it is built.</summary>
    public required Kib Memory { get; init; }

    /// <summary>The most that it can ever hold; as much as <see cref="Memory"/> when not given.</summary>
    public Kib? StaticMax { get; init; }

    /// <summary>Its handle; made from the seed and the name when not given.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Whether it has hardware-assisted paging, without which it can neither be paged nor share; a PV domain never has.</summary>
    public bool Hap { get; init; } = true;

    /// <summary>Built with less memory than its maximum, and filled as it is touched; Xen then lets no pager on it.</summary>
    public bool PopulateOnDemand { get; init; }

    /// <summary>A device of the host is passed through to it, which reaches its memory past the hypervisor: no paging, no sharing.</summary>
    public bool Passthrough { get; init; }

    /// <summary>A pager that is not ours holds it.</summary>
    public bool OtherPager { get; init; }

    /// <summary>With whom it may share pages; with nobody when not given.</summary>
    public string? SharingGroup { get; init; }

    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(2);

    public GuestSpec Guest { get; init; } = new();

    public Kib Most => StaticMax ?? Memory;

    /// <summary>The emulated graphics card of an HVM domain.</summary>
    public Kib VideoRam => Kind == DomainKind.Hvm ? Kib.FromMiB(8) : Kib.Zero;

    /// <summary>
    /// What is in the footprint but outside the balloon's reach: video memory, special pages, ROMs. The reason why
    /// <c>tot_pages</c> and <c>memory/target</c> differ by a constant in domains that are not paravirtualised.
    /// </summary>
    public Kib Offset => Kind == DomainKind.Pv ? Kib.Zero : VideoRam + Kib.FromMiB(1);
}
