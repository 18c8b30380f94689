using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>The guest that runs in a domain.</summary>
internal sealed record GuestSpec
{
    public BalloonSpec Balloon { get; init; } = new();

    public WorkloadSpec Workload { get; init; } = new();

    public ContentSpec Contents { get; init; } = new();

    public TmemSpec Tmem { get; init; } = new();

    public HintingSpec Hinting { get; init; } = new();

    /// <summary>The guest's own swap.</summary>
    public Kib Swap { get; init; }

    /// <summary>How the guest reports on its memory in xenstore; it does not when not given.</summary>
    public ReportSpec? Reports { get; init; }

    /// <summary>How it sets its own balloon's target; it does not when not given.</summary>
    public SelfBalloonSpec? SelfBalloon { get; init; }

    /// <summary>How much the kernel needs; derived from the guest's size when not given.</summary>
    public Kib? Kernel { get; init; }

    /// <summary>A footprint below which the guest dies, out of memory, whatever its driver; no such footprint when not given.</summary>
    public Kib? DiesBelow { get; init; }

    /// <summary>Whether the guest maps its working set with 2 MiB pages where a whole chunk belongs to it (transparent huge pages).</summary>
    public bool HugePages { get; init; }

    /// <summary>Whether the guest keeps its page tables together, so that the host maps them with superpages; otherwise they are anywhere.</summary>
    public bool ContiguousTables { get; init; }

    /// <summary>The virtual CPUs: one that waits for memory does not keep the others from working.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>
    /// The least memory that a Linux kernel of this size survives with. A 256 MiB guest on a real Xen died at 85 MiB. The part that
    /// grows with the size is what Linux's selfballooning kept (1/32). A very small guest needs half of its memory, and none needs more than
    /// xenballoond left to a guest below 500 MiB (40 MiB and a quarter).
    /// </summary>
    public Kib KernelNeed(Kib memory) => Kernel ?? Kib.Min(
        Kib.FromMiB(77) + new Kib(memory.Value / 32), Kib.Min(new Kib(memory.Value / 2), Kib.FromMiB(40) + new Kib(memory.Value / 4)));
}

/// <summary>How the guest's balloon driver behaves.</summary>
internal sealed record BalloonSpec
{
    public BalloonBehaviour Behaviour { get; init; } = BalloonBehaviour.Moves;

    /// <summary>How fast it moves, or only how fast it takes memory if <see cref="DeflateRate"/> is given.</summary>
    public Rate Rate { get; init; } = Rate.MiBPerSecond(200);

    /// <summary>How fast it gives memory back to the guest; as fast as it takes it when not given.</summary>
    public Rate? DeflateRate { get; init; }

    public BalloonDriverKind Driver { get; init; } = BalloonDriverKind.Current;

    /// <summary>Which pages the driver takes; of effect only where superpages are simulated.</summary>
    public BalloonPages Pages { get; init; } = BalloonPages.Random;

    /// <summary>A footprint below which the driver never goes. Without one, it continues until the guest dies.</summary>
    public Kib? Floor { get; init; }

    /// <summary>A footprint at which the driver hangs forever on its way down.</summary>
    public Kib? StopsAt { get; init; }

    /// <summary>Whether the guest adds memory above the size with which it boots only when its target needs it (memory hotplug).</summary>
    public bool Hotplug { get; init; }

    /// <summary>How long the driver does not react to a new target.</summary>
    public TimeSpan? SleepsFor { get; init; }

    /// <summary>The driver moves one page in this time, and no more: enough to look alive.</summary>
    public TimeSpan? OnePageEvery { get; init; }

    /// <summary>How long after a new target the guest sets its own one, the size with which it booted.</summary>
    public TimeSpan? FightsAfter { get; init; }
}

/// <summary>How a balloon driver reacts to its target.</summary>
internal enum BalloonBehaviour
{
    /// <summary>It moves to its target.</summary>
    Moves,

    /// <summary>It is loaded and never moves.</summary>
    Refuses,

    /// <summary>There is no driver.</summary>
    None,
}

/// <summary>Which pages a balloon driver takes.</summary>
internal enum BalloonPages
{
    /// <summary>Single pages from anywhere, as Linux does.</summary>
    Random,

    /// <summary>Single pages that are close to each other.</summary>
    Colocated,

    /// <summary>2 MiB at a time where the guest has that much free in one piece.</summary>
    Superpages,

    /// <summary>2 MiB at a time; the guest copies pages to make room, and coalesces what is shattered.</summary>
    Compacting,
}

/// <summary>The generation of a Linux balloon driver.</summary>
internal enum BalloonDriverKind
{
    /// <summary>It takes no more than MemAvailable, so it does not push the guest into swap or out of memory.</summary>
    Current,

    /// <summary>It takes every page that it can get, and gives up like a current one (Linux after the fix of CVE-2019-17351).</summary>
    Older,

    /// <summary>
    /// It takes every page that it can get, tries again without end, at least every 32 s, and does not forget a target above what it can hold
    /// (Linux before that fix).
    /// </summary>
    Oldest,
}
