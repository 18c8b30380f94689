using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Model;

/// <summary>The rules of a chain, as pure functions.</summary>
internal static class ChainRules
{
    /// <summary>The time limits of a step. The domain's own timeout replaces that of the first step only: it says how long to wait before the second step is tried.</summary>
    public static TimeLimits Limits(Policy policy, int step, TimeSpan? primaryTimeout)
    {
        var limits = policy.Steps[step];
        return new TimeLimits(step == 0 && primaryTimeout is not null ? primaryTimeout : limits.Timeout, limits.Stall);
    }

    /// <summary>The engaged steps, the last one first: what was taken last is given back first.</summary>
    public static IEnumerable<string> LastToFirst(IEnumerable<string> steps, Func<string, bool> isEngaged) =>
        steps.Distinct().Where(isEngaged).Reverse();

    /// <summary>
    /// The target of an actor that is engaged but whose turn has not come. A domain that grows passes its target on at once. In a domain that
    /// shrinks, the actor may not take more than it was allowed to take before, nor go above the present footprint.
    /// </summary>
    /// <param name="target">The newer target of the domain.</param>
    /// <param name="footprint">The present footprint.</param>
    /// <param name="current">The target that the actor has; <see langword="null"/> if it is not known.</param>
    public static Kib TargetBeforeItsTurn(Kib target, Kib footprint, Kib? current) =>
        Kib.Max(target, Kib.Min(footprint, current ?? footprint));

    /// <summary>Adds to the outcome of a step what it did when it was relaxed before its turn: most of its work, or all of it.</summary>
    public static Outcome IncludingRelaxation(Outcome outcome, Outcome? relaxed) => relaxed is not { Kind: OutcomeKind.Reached } ? outcome
        : outcome with { Reason = (relaxed.Footprint - outcome.Footprint).Abs() < Kib.FromMiB(1) ? relaxed.Reason : $"{relaxed.Reason}; then {outcome.Reason}" };

    /// <summary>The outcome of a chain in which no step reached the target. Its reason lists what each step reports.</summary>
    public static Outcome Exhausted(IReadOnlyList<StepResult> trail, IReadOnlyList<string> skipped, OnShort onShort, Kib footprint)
    {
        var reason = string.Join("; ", trail.Select(result => $"{result.Actor}: {result.Outcome.Reason}").Concat(skipped)) + NextAction(onShort);
        if (trail.Count == 0)
            return Outcome.Unable(footprint, reason);
        var last = trail[^1];
        var outcome = trail.All(result => result.Outcome.Kind == OutcomeKind.Quarantined) ? Outcome.Quarantined(footprint, reason)
            : trail.All(result => result.Outcome.Kind is OutcomeKind.Failed or OutcomeKind.Quarantined) ? Outcome.Failed(footprint, reason)
            : Outcome.Short(footprint, reason);
        return outcome with { Actor = last.Actor, Step = last.Step, Lacks = Lacked(trail.Select(result => result.Outcome)) };
    }

    /// <summary>
    /// What a chain lacked: everything that one of its steps lacked, because each of them could have reached the target if it had that.
    /// </summary>
    public static Lack? Lacked(IEnumerable<Outcome> outcomes) => outcomes.Select(outcome => outcome.Lacks).Aggregate((Lack?)null, Lack.Combine);

    /// <summary>The reason for a step that is skipped.</summary>
    public static string ConditionIsFalse(string condition) => $"skipped, because '{condition}' is false";

    public static string ConditionFailed(string why) => $"skipped, because its condition failed: {why}";

    private static string NextAction(OnShort onShort) => onShort switch
    {
        { Release: true } => "; everything was given back (on_short: release)",
        { RetryAfter: { } after } => $"; the next attempt follows after {DurationText.Format(after)} (on_short: retry)",
        _ => "",
    };

    /// <summary>Whether an earlier step can hold the target without the later ones.</summary>
    public static bool HoldsAlone(Outcome outcome, TargetRequest request) =>
        outcome is { Kind: OutcomeKind.Reached, Alone: { } alone } && request.IsReachedBy(alone);

    /// <summary>The pause before an earlier step, which could not hold the target alone, is tried again. It doubles each time, up to 10 minutes.</summary>
    public static TimeSpan RelaxationPause(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(600, 30 * Math.Pow(2, Math.Min(attempts, 8))));
}
