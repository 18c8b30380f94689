using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>How far the check of a relieved guest is.</summary>
internal enum ReliefStage
{
    /// <summary>Its driver gives the headroom back.</summary>
    Filling,

    /// <summary>It has the headroom, and time to use it up.</summary>
    Holding,

    /// <summary>Its driver takes most of the headroom for a moment.</summary>
    Probing,

    /// <summary>The guest has left the headroom alone, or its driver does not give it back.</summary>
    Done,

    /// <summary>The guest has used up most of the headroom, or may have.</summary>
    UsedUp,
}

/// <summary>
/// Checks that a relieved guest keeps its headroom. Nothing outside a guest shows what it does with its memory, and many guests report
/// nothing. So the driver takes the headroom for a moment, all but 1/8. If it can, the guest is safe. If it gets less, but at least half, the
/// guest gets twice as much more, and the check begins again. Otherwise, or if the driver is too slow for that, the guest gets everything back.
/// An older kernel dies about a minute after its driver began to fail (seen on Xen 4.17) if it has no memory by then. A guest that would use up
/// its headroom in a minute does not pass, because it uses more than 1/8 during the hold. Only a guest whose programs take memory faster than its
/// driver gives it back cannot be saved, if that lasts for a minute. Pure.
/// </summary>
/// <param name="Relieved">What the guest was relieved to.</param>
/// <param name="Headroom">How much of that it did not have before.</param>
/// <param name="Start">What it had at the start of the run.</param>
internal sealed record ReliefCheck(Kib Relieved, Kib Headroom, Kib Start)
{
    /// <summary>How long the guest can use the headroom before the driver takes it.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);

    // The whole check must be over well before the guest would die: at that moment its driver must not hold the headroom.
    private static readonly TimeSpan LongestFilling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MayBeginAgain = TimeSpan.FromSeconds(15);

    private const int Rest = 8;

    // Smaller differences do not count: the toolstack maps pages and returns them.
    private const int Noise = 64;

    public ReliefStage Stage { get; private init; } = ReliefStage.Filling;

    /// <summary>The memory that the guest should be able to give now.</summary>
    public Kib Spare { get; private init; } = Headroom;

    // The memory of the guest with all of its headroom, and the nearest to the aim of this stage. The offset between the aim and the memory
    // is not always known, so they are not compared with each other.
    private Kib Full { get; init; } = Relieved;
    private Kib Nearest { get; init; } = Relieved - Headroom;
    private TimeSpan Begun { get; init; }
    private TimeSpan LastMoved { get; init; }

    /// <summary>The footprint to request now.</summary>
    public Kib Aim => Stage switch
    {
        ReliefStage.Probing => Relieved - Depth,
        ReliefStage.UsedUp => Kib.Max(Start, Relieved),
        _ => Relieved,
    };

    public bool IsOver => Stage is ReliefStage.Done or ReliefStage.UsedUp;

    private Kib Depth => Spare - new Kib(Spare.Value / Rest);

    private Kib Tolerance => new(Spare.Value / Noise);

    /// <summary>The state after another check of the guest.</summary>
    /// <param name="populated">The memory of the guest.</param>
    /// <param name="now">The time since the relief.</param>
    public ReliefCheck Observe(Kib populated, TimeSpan now)
    {
        var closer = Stage == ReliefStage.Probing ? populated < Nearest : populated > Nearest;
        var seen = closer ? this with { Nearest = populated, LastMoved = now } : this;
        var still = now - seen.LastMoved;
        return Stage switch
        {
            ReliefStage.Filling when populated >= Full - Tolerance => (seen with { Stage = ReliefStage.Holding }).Observe(populated, now),
            ReliefStage.Filling when still >= BalloonCurve.StuckAfter => seen with { Stage = ReliefStage.Done },
            ReliefStage.Filling when now - Begun >= LongestFilling => seen with { Stage = ReliefStage.UsedUp },
            ReliefStage.Holding when now - Begun >= Hold => seen with { Stage = ReliefStage.Probing, Full = populated, Nearest = populated, LastMoved = now },
            ReliefStage.Probing when populated <= Full - Depth + Tolerance => seen with { Stage = ReliefStage.Done },
            ReliefStage.Probing when still >= BalloonCurve.FirstPause => seen.Failed(populated, now),
            _ => seen,
        };
    }

    /// <summary>The end of a check that is not needed.</summary>
    public ReliefCheck Unverified() => this with { Stage = ReliefStage.Done };

    private ReliefCheck Failed(Kib populated, TimeSpan now)
    {
        var (left, more) = (Full - Nearest, Headroom + Headroom);
        return left < Spare - left || Relieved + more >= Start || now > MayBeginAgain
            ? this with { Stage = ReliefStage.UsedUp }
            : new ReliefCheck(Relieved + more, more, Start) { Spare = left + more, Full = Full + more, Nearest = populated, Begun = now, LastMoved = now };
    }
}
