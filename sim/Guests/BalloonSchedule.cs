using Actors.Sdk;

namespace Actors.Sim.Guests;

/// <summary>The states of Linux's driver (enum bp_state).</summary>
internal enum BalloonState
{
    /// <summary>The last batch succeeded (BP_DONE).</summary>
    Done,

    /// <summary>The driver has added memory and waits until the guest uses it (BP_WAIT).</summary>
    Wait,

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

    /// <summary>max_schedule_delay of the oldest drivers, which never give up.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(32);

    /// <summary>Whether it tries again without end (RETRY_UNLIMITED), as all drivers did before the fix of CVE-2019-17351.</summary>
    public bool Unlimited { get; init; }

    /// <summary>How long the driver sleeps unless it is woken: 2, 4, 8, … s after failures, and 1 s while added memory comes into use.</summary>
    public TimeSpan Sleep => State switch
    {
        BalloonState.Again => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Failures), LongestRetry.TotalSeconds)),
        BalloonState.Wait => TimeSpan.FromSeconds(1),
        _ => LongSleep,
    };

    /// <summary>The schedule after another batch.</summary>
    public BalloonSchedule After(BalloonState batch) => batch switch
    {
        BalloonState.Again when Unlimited || Failures + 1 < Attempts => this with { State = BalloonState.Again, Failures = Failures + 1 },
        BalloonState.Done => this with { State = BalloonState.Done, Failures = 0 },
        // Giving up, at once or at the fourth failure, makes the next failure the first one again; a driver that gave up stays so.
        BalloonState.Again => this with { State = BalloonState.Cancelled, Failures = 0 },
        _ => this with { State = batch },
    };

    /// <summary>
    /// Whether the driver runs at once. When it is done, any distance to the target wakes it; otherwise only a distance other than the one
    /// with which it went to sleep. So the same target again does not wake a driver that gave up. The oldest driver, waiting for its next attempt,
    /// is not woken by anything: its work is queued already (schedule_delayed_work).
    /// </summary>
    /// <param name="asleep">The distance to the target with which it went to sleep.</param>
    /// <param name="now">The distance now.</param>
    public bool IsWokenBy(Pages asleep, Pages now) =>
        now != (State == BalloonState.Done ? Pages.Zero : asleep) && !(Unlimited && State == BalloonState.Again);
}
