using Actors.Sdk;

namespace Actors.Sim.Guests;

/// <summary>
/// The states of Linux's driver (enum bp_state). BP_WAIT is missing: it belongs to memory hotplug, which is not simulated.
/// </summary>
internal enum BalloonState
{
    /// <summary>The last batch succeeded (BP_DONE).</summary>
    Done,

    /// <summary>The last batch failed; the driver tries again after a delay (BP_EAGAIN).</summary>
    Again,

    /// <summary>The driver gave up (BP_ECANCELED).</summary>
    Cancelled,
}

/// <summary>When Linux's driver runs next (update_schedule and balloon_thread_cond in drivers/xen/balloon.c).</summary>
/// <param name="State">The state after the last batch.</param>
/// <param name="Failures">How many batches failed in a row.</param>
internal readonly record struct BalloonSchedule(BalloonState State, int Failures)
{
    /// <summary>max_retry_count: the driver gives up at the fourth failure in a row (since the fix of CVE-2019-17351).</summary>
    public const int Attempts = 4;

    /// <summary>How long a driver that is done or gave up sleeps at most.</summary>
    public static readonly TimeSpan LongSleep = TimeSpan.FromHours(1);

    /// <summary>How long the driver sleeps unless it is woken: 2, 4 and 8 s after the first three failures.</summary>
    public TimeSpan Sleep => State == BalloonState.Again ? TimeSpan.FromSeconds(1 << Failures) : LongSleep;

    /// <summary>The schedule after another batch.</summary>
    public BalloonSchedule After(BalloonState batch) => batch switch
    {
        BalloonState.Again when Failures + 1 < Attempts => new(BalloonState.Again, Failures + 1),
        BalloonState.Done => new(BalloonState.Done, 0),
        // Giving up, at once or at the fourth failure, makes the next failure the first one again; a driver that gave up stays so.
        BalloonState.Again => new(BalloonState.Cancelled, 0),
        _ => this with { State = BalloonState.Cancelled },
    };

    /// <summary>
    /// Whether the driver runs at once. When it is done, any distance to the target wakes it; otherwise only a distance other than the one
    /// with which it went to sleep. So the same target again does not wake a driver that gave up.
    /// </summary>
    /// <param name="asleep">The distance to the target with which it went to sleep.</param>
    /// <param name="now">The distance now.</param>
    public bool IsWokenBy(Pages asleep, Pages now) => now != (State == BalloonState.Done ? Pages.Zero : asleep);
}
