using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Model;

/// <summary>The rules of a chain, over values alone.</summary>
internal static class ChainRules
{
    /// <summary>The domain's own time limit is for the first step only: how long to wait before the second is tried.</summary>
    public static TimeLimits Limits(Policy policy, int step, TimeSpan? primaryTimeout)
    {
        var limits = policy.Steps[step];
        return new TimeLimits(step == 0 && primaryTimeout is not null ? primaryTimeout : limits.Timeout, limits.Stall);
    }

    /// <summary>What was taken last is given back first.</summary>
    public static IEnumerable<string> LastToFirst(IEnumerable<string> steps, Func<string, bool> isEngaged) =>
        steps.Distinct().Where(isEngaged).Reverse();

    /// <summary>A step that was relaxed before its turn did most of its work, or all of it, then.</summary>
    public static Outcome Told(Outcome outcome, Outcome? relaxed) => relaxed is not { Kind: OutcomeKind.Reached } ? outcome
        : outcome with { Reason = (relaxed.Footprint - outcome.Footprint).Abs() < Kib.FromMiB(1) ? relaxed.Reason : $"{relaxed.Reason}; then {outcome.Reason}" };

    /// <summary>No step got there. One that moved at all says how far; several that could do nothing say why, each.</summary>
    public static Outcome Exhausted(IReadOnlyList<StepResult> trail, IReadOnlyList<string> skipped, OnShort onShort, Kib footprint)
    {
        var reason = string.Join("; ", trail.Select(result => $"{result.Actor}: {result.Outcome.Reason}").Concat(skipped)) + WhatThen(onShort);
        if (trail.Count == 0)
            return Outcome.Unable(footprint, reason);
        var last = trail[^1];
        var outcome = trail.All(result => result.Outcome.Kind == OutcomeKind.Quarantined) ? Outcome.Quarantined(footprint, reason)
            : trail.All(result => result.Outcome.Kind is OutcomeKind.Failed or OutcomeKind.Quarantined) ? Outcome.Failed(footprint, reason)
            : Outcome.Short(footprint, reason);
        return outcome with { Actor = last.Actor, Step = last.Step };
    }

    /// <summary>Why a step is passed over.</summary>
    public static string NotSo(string condition) => $"not tried, because '{condition}' is not so";

    public static string ConditionFailed(string why) => $"not tried, because its condition failed: {why}";

    private static string WhatThen(OnShort onShort) => onShort switch
    {
        { Release: true } => "; everything was given back (on_short: release)",
        { RetryAfter: { } after } => $"; tried again after {DurationText.Format(after)} (on_short: retry)",
        _ => "",
    };

    /// <summary>Whether an earlier step needs no later one any more.</summary>
    public static bool HoldsAlone(Outcome outcome, TargetRequest request) =>
        outcome is { Kind: OutcomeKind.Reached, Alone: { } alone } && request.IsReachedBy(alone);

    /// <summary>A wait that doubles: an earlier step that could not hold the target alone is asked again, ever less often.</summary>
    public static TimeSpan SettlePause(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(600, 30 * Math.Pow(2, Math.Min(attempts, 8))));
}
