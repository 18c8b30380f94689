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
    // squeezed uses the same limit: a driver that makes no progress for 5 s counts as stuck.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);

    /// <summary>The first pause of Linux's driver.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    // Smaller changes do not come from the driver: the toolstack maps pages and returns them.
    private static readonly Kib Noise = Kib.FromMiB(1);

    // Less than this share of its average speed within the first pause is no progress: a driver that fails still gets single pages.
    private const double LeastShare = 1.0 / 16;

    private Kib Nearest { get; init; } = (Start - Target).Abs();

    /// <summary>When a check last found the guest nearer to its target.</summary>
    public TimeSpan LastMoved { get; private init; } = Begun;

    public BalloonCurve Observe(Kib populated, TimeSpan now)
    {
        var distance = (populated - Target).Abs();
        return distance <= Nearest - LeastProgress ? this with { Nearest = distance, LastMoved = now } : this;
    }

    /// <summary>How long the guest has made no progress.</summary>
    public TimeSpan Still(TimeSpan now) => now - LastMoved;

    /// <summary>Whether the driver has made no progress for so long that it will hardly make any.</summary>
    public bool Stuck(TimeSpan now) => Still(now) >= StuckAfter;

    /// <summary>Whether a driver that had moved makes the pause that follows a failed batch, or a longer one.</summary>
    public bool Paused(TimeSpan now) => (Start - Target).Abs() - Nearest >= Noise && Still(now) >= FirstPause;

    /// <summary>After how many failures in a row Linux's driver gives up.</summary>
    public const int MostFailures = 4;

    /// <summary>How many batches in a row have failed if Linux's driver stopped at that time: it pauses for 2, 4 and 8 s in between.</summary>
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
