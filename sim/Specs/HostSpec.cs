using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>The simulated machine, and how its Xen was built.</summary>
internal sealed record HostSpec
{
    public Kib Memory { get; init; } = Kib.FromGiB(8);

    /// <summary>The memory that dom0 holds permanently.</summary>
    public Kib Dom0Memory { get; init; } = Kib.FromMiB(512);

    public Seed Seed { get; init; } = new(1);

    /// <summary>Whether Xen is built with memory paging (<c>CONFIG_MEM_PAGING</c>). Distributions build it without.</summary>
    public bool Paging { get; init; } = true;

    /// <summary>How fast a pager moves pages, or only how fast it pages out if <see cref="PageInRate"/> is given.</summary>
    public Rate PagingRate { get; init; } = Rate.MiBPerSecond(64);

    /// <summary>How fast a pager brings pages back; as fast as it pages out when not given.</summary>
    public Rate? PageInRate { get; init; }

    /// <summary>The disk space for page files, each as large as its domain; unlimited when not given.</summary>
    public Kib? PagingDisk { get; init; }

    /// <summary>Whether Xen is built with memory sharing (<c>CONFIG_MEM_SHARING</c>). Distributions build it without.</summary>
    public bool Sharing { get; init; } = true;

    /// <summary>How fast pages are compared and shared, and copied when they are unshared.</summary>
    public Rate SharingRate { get; init; } = Rate.MiBPerSecond(256);

    /// <summary>The version of Xen. Tmem was removed in 4.13.</summary>
    public Version XenVersion { get; init; } = new(4, 17);

    /// <summary>Whether Xen was booted with <c>tmem</c>.</summary>
    public bool Tmem { get; init; } = true;

    /// <summary>Whether Xen colours the last-level cache, which leaves no room for claims (from 4.20).</summary>
    public bool LlcColoring { get; init; }

    /// <summary>The NUMA nodes, among which the memory is divided evenly.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Whether Xen has sets of claims on nodes, which were proposed in 2025 and are in no release.</summary>
    public bool ClaimSets { get; init; }

    /// <summary>How fast a domain is sent to this host or away from it.</summary>
    public Rate MigrationRate { get; init; } = Rate.MiBPerSecond(1024);

    /// <summary>How long a toolstack takes for one domain when it claims memory by setting max_mem everywhere.</summary>
    public TimeSpan ToolstackStep { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Whether domains get their memory when they touch it, as under KVM and z/VM, so that they may have more than the machine together. Under Xen
    /// they get it when they are built.
    /// </summary>
    public bool Overcommit { get; init; }

    /// <summary>The least that the host discards in one piece: 4 KiB or 2 MiB.</summary>
    public Kib DiscardUnit { get; init; } = new(Pages.KibPerPage);

    /// <summary>A monitor that gives each guest a share of the memory to hold; there is none when not given.</summary>
    public MonitorSpec? Monitor { get; init; }

    /// <summary>Whether it is simulated which memory is mapped with 2 MiB pages, and what page walks cost.</summary>
    public bool Superpages { get; init; }

    /// <summary>Whether Xen maps domains with 2 MiB pages where it can (its option <c>hap_2mb</c>, on by default).</summary>
    public bool Hap2Mb { get; init; } = true;

    /// <summary>What it costs a guest to wait for memory.</summary>
    public CostSpec Costs { get; init; } = new();
}
