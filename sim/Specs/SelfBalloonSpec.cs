using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>A guest that follows what its tasks have committed, by setting its own balloon's target.</summary>
internal sealed record SelfBalloonSpec
{
    /// <summary>The law that it follows.</summary>
    public SelfBalloonLaw Law { get; init; } = SelfBalloonLaw.Kernel;

    /// <summary>The size below which it does not go; the one of its law when not given.</summary>
    public SelfBalloonFloor? Floor { get; init; }

    /// <summary>With the kernel's floor: what it keeps above its reserve, instead of the floor by the guest's size (selfballoon_min_usable_mb).</summary>
    public Kib? MinUsable { get; init; }

    /// <summary>What later kernels added to what the tasks have committed (selfballoon_reserved_mb).</summary>
    public Kib Reserved { get; init; }

    /// <summary>Whether it begins when the guest boots; otherwise the toolstack switches it on with memory/selfballoon.</summary>
    public bool On { get; init; } = true;

    /// <summary>How often it acts: 5 s, and 1 s as xenballoond.</summary>
    public TimeSpan Every => TimeSpan.FromSeconds(Law == SelfBalloonLaw.Kernel ? 5 : 1);
}

/// <summary>The two self-ballooning laws that were published.</summary>
internal enum SelfBalloonLaw
{
    /// <summary>Linux's drivers/xen/xen-selfballoon.c: an eighth of the way down, all of the way up.</summary>
    Kernel,

    /// <summary>The daemon xenballoond: a tenth of the way down, all of the way up.</summary>
    Xenballoond,
}

/// <summary>The published floors.</summary>
internal enum SelfBalloonFloor
{
    /// <summary>The later kernel's: 99 MiB and 1/32 in a guest of more than 512 MiB.</summary>
    Kernel,

    /// <summary>The one of xenballoond, which is minimum_target() of 2008 by its own comment: 104 MiB and 1/8 in a guest of 500 to 2000 MiB.</summary>
    Xenballoond,

    /// <summary>None.</summary>
    None,
}
