using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>Compares what the state of a domain says with what the hypervisor reports. Pure.</summary>
internal static class DriftRules
{
    // A smaller change is noise: the toolstack maps pages and returns them.
    private static readonly Kib Noise = new(512);

    // A deviation must be found twice in a row. The second check follows a second later.
    private const int Certain = 2;

    /// <summary>Whether a domain has moved since the last check, so that the next one must come soon.</summary>
    public static bool HasMoved(Kib? before, Kib now) => before is { } known && (now - known).Abs() >= Noise;

    /// <summary>Compares a domain with its state.</summary>
    /// <param name="watched">What is known about the domain.</param>
    /// <param name="now">What the hypervisor reports.</param>
    /// <param name="moved">Whether its footprint has changed since the last check.</param>
    /// <param name="pagesLost">Whether it has lost pages with its pager.</param>
    /// <param name="time">The time.</param>
    public static (Watched Next, Finding? Found) Check(Watched watched, DomainInfo now, bool moved, bool pagesLost, DateTimeOffset time)
    {
        var state = watched.State;
        // Follow-up work can change max_mem until its end, so the first check after it counts.
        var next = watched with { MaxMem = watched.IsFollowedUp ? null : watched.MaxMem ?? now.MaxMem };
        if (state.Target is not { } target)
            return (next, MovedOrNone(state, now));
        if (pagesLost || now.State is DomainState.Crashed or DomainState.ShutDown)
            return (next with { IsBroken = true }, watched.IsBroken || IsRefused(state) ? MovedOrNone(state, now) : new Finding.Due());
        if (watched.RetryAt <= time)
            return (next with { RetryAt = null, Backoff = watched.Backoff.Attempted(time) }, new Finding.Due());
        if (watched.LeftAlone || now.State != DomainState.Running || Deviation(watched, target, now) is not var (outcome, cause))
            return (next with { Strikes = 0, IsBroken = false }, MovedOrNone(state, now));
        // While follow-up work moves memory from one actor to the next, the footprint may leave the target for a moment.
        var strikes = watched.IsFollowedUp && moved ? 0 : watched.Strikes + 1;
        return strikes < Certain
            ? (next with { Strikes = strikes }, MovedOrNone(state, now))
            : (next with { Strikes = 0 }, new Finding.Changed(state, outcome, now.Footprint, cause));
    }

    /// <summary>Returns the record for a new state. It keeps everything that belongs to the target.</summary>
    /// <param name="before">The record of the state before.</param>
    /// <param name="after">The new state, with everything that is known about it.</param>
    /// <param name="time">The time.</param>
    public static Watched Follow(Watched? before, Watched after, DateTimeOffset time)
    {
        if (before is null || before.State.Target != after.State.Target)
            return after with { IsBroken = before?.IsBroken ?? false };
        var same = after with { Backoff = before.Backoff, IsBroken = before.IsBroken };
        // No run was in between, so max_mem is still compared with what it was when the target was reached.
        if (after.State.Serial == before.State.Serial && after.State.Final)
            same = same with { MaxMem = before.MaxMem, RetryAt = before.RetryAt };
        if (after.State.Serial == before.State.Serial && after.State.Outcome == before.State.Outcome)
            same = same with { Strikes = before.Strikes };
        if (after.State.Outcome != StateKey.Drifted)
            return same with { RetryAt = null };
        if (before.State.Outcome == StateKey.Drifted || after.LeftAlone || after.OnDrift == OnDrift.Report || MaxMemChanged(after.State))
            return same;
        var backoff = before.Backoff.Failed(time);
        return same with { Backoff = backoff, RetryAt = time + backoff.Pause };
    }

    // The host has already decided about it.
    private static bool IsRefused(StateKey state) => state.Outcome is StateKey.Failed or StateKey.Unable;

    private static (string Outcome, string Cause)? Deviation(Watched watched, Kib target, DomainInfo now)
    {
        var state = watched.State;
        var distance = (now.Footprint - target).Abs();
        var isThere = distance <= watched.Tolerance;
        var left = distance > watched.Tolerance + PagerMargin(target, now);
        var maxMem = watched.MaxMem is { } known && (now.MaxMem - known).Abs() >= Noise ? known : (Kib?)null;
        return state.Outcome switch
        {
            StateKey.Reached when maxMem is { } before => (StateKey.Drifted, MaxMemReason(before, now)),
            StateKey.Reached when left => (StateKey.Drifted, WentAway(target, watched, now)),
            StateKey.Drifted when isThere && maxMem is null => (StateKey.Reached, $"the footprint is back at the target of {target}"),
            StateKey.Short when isThere => (StateKey.Reached, $"the footprint reached the target of {target} after the run had ended"),
            _ => null,
        };
    }

    // The guest touches pages that are out, and the pager takes others, so the footprint of a paged domain always moves a little.
    private static Kib PagerMargin(Kib target, DomainInfo now) =>
        now.PagedPages == Pages.Zero ? Kib.Zero : Kib.Max(Kib.FromMiB(4), new Kib(target.Value / 64));

    private const string MaxMemStart = "another program (xl mem-max?) changed max_mem from ";

    private static bool MaxMemChanged(StateKey state) => state.Reason.StartsWith(MaxMemStart, StringComparison.Ordinal);

    private static string MaxMemReason(Kib before, DomainInfo now) =>
        $"{MaxMemStart}{before} to {now.MaxMem} after the target was reached; the footprint is {now.Footprint}; set the target again to restore it";

    private static string WentAway(Kib target, Watched watched, DomainInfo now)
    {
        var where = $"the footprint left the target of {target} and is {now.Footprint}, {(now.Footprint - target).Abs()} {(now.Footprint > target ? "above" : "below")} it";
        var who = "no other program changed the domain's targets, so its balloon driver, pager or kernel moved on its own";
        return $"{where}: {who}; " + (watched.OnDrift == OnDrift.Retry
            ? "the target is requested again (on_drift: retry)"
            : "it is only reported (on_drift: report); set the target again to bring it back");
    }

    private static Finding.Moved? MovedOrNone(StateKey state, DomainInfo now) =>
        state is { Final: true, Footprint: { } known } && HasMoved(known, now.Footprint) ? new Finding.Moved(state, now.Footprint) : null;
}
