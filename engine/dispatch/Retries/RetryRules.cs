using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Retries;

/// <summary>
/// Decides when a waiting domain gets its target again. Pure. There is one attempt for each change of what was missing. If attempts fail
/// although something changed, the pause between them doubles, so a condition that comes and goes does not make a domain flap.
/// </summary>
internal static class RetryRules
{
    /// <summary>Less memory than this is not worth an attempt, unless it is all that the domain needs.</summary>
    public static readonly Kib LeastShare = Kib.FromMiB(16);

    // Smaller changes do not come from the driver: the toolstack maps pages and returns them.
    private static readonly Kib Noise = Kib.FromMiB(1);

    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // Every plugin that is started again is a change, also for domains that wait for another one, which then wait no longer than this.
    private static readonly TimeSpan LongestForActor = TimeSpan.FromSeconds(10);

    // A driver that still works does not need its target again, and every attempt restarts the time limits of a chain.
    private static readonly TimeSpan StillMoving = TimeSpan.FromSeconds(30);

    /// <summary>The pause after a number of failed attempts in a row: none, 1 s, 2 s, 4 s and so on, up to 5 minutes.</summary>
    public static TimeSpan Pause(int failures) => Pause(failures, LongestPause);

    /// <summary>The same, up to another longest pause of at most 1024 s.</summary>
    public static TimeSpan Pause(int failures, TimeSpan longest) => failures <= 0 ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Math.Min(longest.TotalSeconds, Math.Pow(2, Math.Min(failures - 1, 10))));

    /// <summary>Decides about one domain.</summary>
    /// <param name="waiting">What it waits for.</param>
    /// <param name="before">The facts at the last attempt; <see langword="null"/> if they are not known, because the host was started since.</param>
    /// <param name="now">The facts now.</param>
    /// <param name="available">The free memory of the host that this domain may have.</param>
    /// <param name="time">The time now.</param>
    /// <returns>The retry; <see langword="null"/> if the domain must still wait.</returns>
    public static Retry? Decide(Waiting waiting, RetryFacts? before, RetryFacts now, Kib available, DateTimeOffset time)
    {
        if (now.Info.State != DomainState.Running)
            return null;
        var quiet = time - waiting.Last;
        if (quiet >= Pause(waiting.Changes, waiting.Lack.Kinds == LackKinds.Actor ? LongestForActor : LongestPause) && Change(waiting, before, now, available) is { } change)
            return new Retry(RetryCause.Change, change);
        return TimePause(waiting) is { } pause && quiet >= pause
            ? new Retry(RetryCause.Time, $"{DurationText.Format(Rounded(quiet))} have passed since the last attempt")
            : null;
    }

    /// <summary>What a domain waits for after an attempt; <see langword="null"/> if it waits for nothing.</summary>
    /// <param name="before">What it waited for before.</param>
    /// <param name="outcome">The outcome of the attempt.</param>
    /// <param name="target">The target.</param>
    /// <param name="cause">Why the attempt was made.</param>
    /// <param name="every">The pause that the policy sets between two attempts.</param>
    /// <param name="time">The time now.</param>
    public static Waiting? Next(Waiting? before, Outcome outcome, Kib target, RetryCause cause, TimeSpan? every, DateTimeOffset time)
    {
        var lack = Watchable(outcome.Lacks);
        // The other program wins until someone writes a new target. A domain that crashed or an actor that failed needs a person.
        if (outcome.Kind == OutcomeKind.Reached || lack.Kinds.HasFlag(LackKinds.SecondWriter) || (lack.Kinds == LackKinds.None && every is null)
            || (outcome.Kind == OutcomeKind.Failed && !lack.Kinds.HasFlag(LackKinds.Actor)))
            return null;
        var next = new Waiting(target, lack, time) { Last = time, Every = every };
        if (before?.Target != target)
            return next;
        next = next with { Since = before.Since };
        if (cause == RetryCause.None || MadeProgress(before, next, outcome.Footprint))
            return next;
        return next with { Attempts = before.Attempts + 1, Changes = before.Changes + (cause == RetryCause.Change ? 1 : 0) };
    }

    /// <summary>What a domain still waits for when a state is written that no attempt produced.</summary>
    public static Waiting? Kept(Waiting? waiting, StateKey state) =>
        state.Target == waiting?.Target && state.Outcome is not (StateKey.Reached or StateKey.Drifted) ? waiting : null;

    // A domain never gets a mechanism that it does not have when it starts.
    private static Lack Watchable(Lack? lack) => lack is null ? new Lack(LackKinds.None) : lack with { Kinds = lack.Kinds & ~LackKinds.Mechanism };

    private static string? Change(Waiting waiting, RetryFacts? before, RetryFacts now, Kib available)
    {
        if (waiting.Lacks(LackKinds.DomainState))
            return "the domain is running";
        if (waiting.Lacks(LackKinds.HostMemory) && waiting.HostMemoryFor(now.Info.Footprint) is var needed && available >= Kib.Min(needed, LeastShare))
            return available >= needed ? $"the host has the {needed} of free memory that it needs" : $"the host has {available} of free memory";
        if (waiting.Lacks(LackKinds.Actor) && (before?.Directory is null || before.Directory != now.Directory))
            return "the plugins or policies have changed";
        if (waiting.Lacks(LackKinds.MaxMem) && (before is null || now.Info.MaxMem > before.Info.MaxMem))
            return $"max_mem is {now.Info.MaxMem}";
        if (waiting.Lacks(LackKinds.BalloonDriver) && now.DriverReports > before?.DriverReports)
            return "the guest has published its balloon driver";
        if (waiting.Lacks(LackKinds.BalloonDriver) && before is not null && Approached(waiting.Target, before.Info.Footprint, now.Info.Footprint))
            return "the footprint moves towards the target";
        return null;
    }

    // If no condition can be watched, only an attempt shows whether something has changed.
    private static TimeSpan? TimePause(Waiting waiting)
    {
        if (waiting.Every is { } every)
            return every;
        var pause = Pause(waiting.Attempts + 1);
        return waiting.Lacks(LackKinds.BalloonDriver) ? pause
            : waiting.Lacks(LackKinds.Time) ? Max(pause, StillMoving)
            // Do not squeeze a guest again at once after it gave all that it had.
            : waiting.Lacks(LackKinds.GuestMemory) ? LongestPause
            : null;
    }

    // A domain that gets its memory in pieces is not flapping.
    private static bool MadeProgress(Waiting before, Waiting after, Kib footprint) =>
        before.Lack.HostMemory > Kib.Zero && after.HostMemoryFor(footprint) is var rest && rest > Kib.Zero
        && rest.Value <= before.Lack.HostMemory.Value * 3 / 4;

    private static bool Approached(Kib target, Kib before, Kib now) => (before - target).Abs() - (now - target).Abs() >= Noise;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
}
