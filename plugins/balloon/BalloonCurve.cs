using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// How a guest has moved towards its target. Linux's driver moves batch by batch without a pause; after a batch that failed it pauses for
/// 2, 4 and 8 s, and after the fourth failure in a row it gives up (drivers/xen/balloon.c). So a pause means that it failed. Pure.
/// </summary>
/// <param name="Start">The memory of the guest at the start.</param>
/// <param name="Target">The requested footprint.</param>
/// <param name="Begun">The time of the start.</param>
internal sealed record BalloonCurve(Kib Start, Kib Target, TimeSpan Begun)
{
    /// <summary>A driver that makes no progress for that long counts as stuck. squeezed uses the same limit.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);

    /// <summary>The first pause of Linux's driver.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ShortestHalt = TimeSpan.FromMilliseconds(400);

    // Smaller changes do not come from the driver: the toolstack maps pages and returns them.
    private static readonly Kib Noise = Kib.FromMiB(1);

    // Less than this share of its average speed within the first pause is no progress: a driver that fails still gets single pages.
    private const double LeastShare = 1.0 / 16;

    private Kib Nearest { get; init; } = (Start - Target).Abs();

    // The least memory at a check.
    private Kib Lowest { get; init; } = Start;

    /// <summary>When a check last found the guest nearer to its target.</summary>
    public TimeSpan LastMoved { get; private init; } = Begun;

    // The longest pause in its movement so far.
    private TimeSpan LongestGap { get; init; }

    public BalloonCurve Observe(Kib populated, TimeSpan now)
    {
        var distance = (populated - Target).Abs();
        var seen = populated < Lowest ? this with { Lowest = populated } : this;
        if (distance > Nearest - LeastProgress)
            return seen;
        // The time until its first movement says nothing about its pauses.
        var gap = LastMoved == Begun ? TimeSpan.Zero : now - LastMoved;
        return seen with { Nearest = distance, LastMoved = now, LongestGap = gap > LongestGap ? gap : LongestGap };
    }

    /// <summary>How long the guest has made no progress.</summary>
    public TimeSpan Still(TimeSpan now) => now - LastMoved;

    /// <summary>Whether the driver has made no progress for so long that it will probably make none.</summary>
    public bool Stuck(TimeSpan now) => Still(now) >= StuckAfter;

    /// <summary>
    /// Whether a driver that had moved steadily has halted: the first sign that it fails. It may also be that the guest's processor had to wait.
    /// </summary>
    public bool Halted(TimeSpan now) => (Start - Target).Abs() - Nearest >= Noise && Still(now) >= ShortestHalt && Still(now) >= 3 * LongestGap;

    /// <summary>The curve of a guest that was given some memory and begins again.</summary>
    public BalloonCurve Again(Kib populated, TimeSpan now) => new(populated, Target, now) { Lowest = Lowest, LongestGap = LongestGap };

    /// <summary>Whether a driver that had moved has paused for at least as long as after a failed batch.</summary>
    public bool Paused(TimeSpan now) => (Start - Target).Abs() - Nearest >= Noise && Still(now) >= FirstPause;

    /// <summary>Whether the guest had less memory earlier in this run, so it was relieved.</summary>
    public bool HadLess(Kib populated) => populated - Lowest >= Noise;

    /// <summary>The number of failures in a row after which Linux's driver gives up.</summary>
    public const int MostFailures = 4;

    /// <summary>The number of batches in a row that failed if Linux's driver stopped at that time. It pauses for 2, 4 and 8 s in between.</summary>
    public static int Failures(TimeSpan still) => still.TotalSeconds switch { < 2 => 1, < 6 => 2, < 14 => 3, _ => MostFailures };

    private Kib LeastProgress
    {
        get
        {
            var moving = (LastMoved - Begun).TotalSeconds;
            var speed = moving > 0 ? ((Start - Target).Abs() - Nearest).Value / moving : 0;
            return Kib.Max(new Kib(1), new Kib((long)(speed * FirstPause.TotalSeconds * LeastShare)));
        }
    }
}
