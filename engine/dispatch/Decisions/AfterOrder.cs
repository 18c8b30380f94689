using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Decisions;

/// <summary>Describes a refusal of a target that an actor already worked on. Pure.</summary>
internal static class AfterOrder
{
    private const string Crashed = "the domain has crashed";
    private const string CrashedWhy = "the domain crashed after its target was ordered";

    /// <summary>
    /// Returns what the state says when a domain ended or crashed after an actor had its target; <see langword="null"/> when the target was
    /// refused before anything moved.
    /// </summary>
    /// <param name="last">The last state.</param>
    /// <param name="refuse">The refusal.</param>
    /// <param name="now">What the hypervisor reports.</param>
    /// <param name="time">The time.</param>
    public static (OutcomeKind Kind, string Reason, string Why)? Describe(StateKey? last, Decision.Refuse refuse, DomainState now, DateTimeOffset time)
    {
        if (last is not { Actor.Length: > 0 } || last.Target is not { } target || target != refuse.Target
            || now is not (DomainState.Crashed or DomainState.ShutDown))
            return null;
        if (last.Outcome == StateKey.Failed && last.Reason.StartsWith(Crashed, StringComparison.Ordinal))
            return (OutcomeKind.Failed, last.Reason, CrashedWhy);
        var elapsed = DurationText.Format(TimeSpan.FromSeconds(Math.Max(1, Math.Round((time - last.Since).TotalSeconds))));
        var report = $"{elapsed} after its last report ({last.Outcome}, by {last.Actor}, footprint {last.Footprint})";
        return now == DomainState.Crashed
            ? (OutcomeKind.Failed, $"{Crashed} {report}: its target of {target} may be less than it needs; see the guest's console, and give it a "
                + "higher target or a floor (memory-policy/floor) before it is started again", CrashedWhy)
            : (OutcomeKind.Unable, $"the domain was shut down {report}", "the domain was shut down after its target was ordered");
    }
}
