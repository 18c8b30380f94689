using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>What runs in a domain.</summary>
internal sealed record GuestSpec
{
    public BalloonSpec Balloon { get; init; } = new();

    public WorkloadSpec Workload { get; init; } = new();

    public ContentSpec Contents { get; init; } = new();

    public TmemSpec Tmem { get; init; } = new();

    /// <summary>The guest's own swap, which is not the host's.</summary>
    public Kib Swap { get; init; }

    /// <summary>What its kernel needs; derived from its size when not given.</summary>
    public Kib? Kernel { get; init; }

    /// <summary>
    /// The least that a Linux kernel of this size lives on: a 256 MiB guest on a real Xen died at 85 MiB, and the part that
    /// grows with the size is what Linux' selfballooning kept (1/32). Of a very small guest, half.
    /// </summary>
    public Kib KernelNeed(Kib memory) =>
        Kernel ?? Kib.Min(Kib.FromMiB(77) + new Kib(memory.Value / 32), new Kib(memory.Value / 2));
}

/// <summary>How the guest's balloon driver behaves.</summary>
internal sealed record BalloonSpec
{
    public BalloonBehaviour Mood { get; init; } = BalloonBehaviour.Moves;

    public Rate Rate { get; init; } = Rate.MiBPerSecond(200);

    /// <summary>A footprint under which it never goes, though it answers; none: it goes on until the guest dies.</summary>
    public Kib? Floor { get; init; }

    /// <summary>A footprint at which it hangs for good on its way down.</summary>
    public Kib? StopsAt { get; init; }
}

/// <summary>What sort of balloon driver it is.</summary>
internal enum BalloonBehaviour
{
    /// <summary>It does what it is told.</summary>
    Moves,

    /// <summary>It is there, and never moves.</summary>
    Refuses,

    /// <summary>There is none.</summary>
    None,
}
