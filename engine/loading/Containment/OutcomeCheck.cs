using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Loading.Containment;

/// <summary>What an actor said, held against what the hypervisor says. Pure.</summary>
internal static class OutcomeCheck
{
    private const int MaxReason = 500;

    /// <summary>The outcome that goes on, and what was wrong with the actor's own; <see langword="null"/> when it may stand.</summary>
    public static (Outcome Outcome, string? Fault) Judge(Outcome? said, TargetRequest request, DomainInfo info)
    {
        if (said is null)
            return Fault("the actor returned no outcome");
        // Which actor and which step it was, the host knows.
        var reason = Plain(said.Reason) is { Length: > 0 } given ? given : "the actor gave no reason";
        var clean = said with { Footprint = info.Footprint, Reason = reason, Actor = "", Step = 0 };
        return said.Kind switch
        {
            OutcomeKind.Reached when !Reached(request, info) => Missed(clean, request, info),
            OutcomeKind.Reached or OutcomeKind.Short or OutcomeKind.Unable or OutcomeKind.Failed => (clean, null),
            _ => Fault($"the actor said '{said.Kind}', which only the host can say; it said why: {clean.Reason}"),
        };

        (Outcome, string?) Fault(string what) => (Outcome.Failed(info.Footprint, what), what);
    }

    // A balloon above a working pager has done its part when the guest has as much as is wanted, paged out or not.
    private static bool Reached(TargetRequest request, DomainInfo info) =>
        request.IsReachedBy(info.Footprint) || request.IsReachedBy(info.Populated);

    private static (Outcome, string?) Missed(Outcome said, TargetRequest request, DomainInfo info)
    {
        var away = (info.Footprint - request.Target).Abs();
        var side = info.Footprint > request.Target ? "above" : "below";
        var reason = $"the actor said 'reached' ({said.Reason}), but the hypervisor says {info.Footprint}, {away} {side} the target";
        // A guest that moved between the actor's look and this one is nobody's fault.
        return away <= Drift(request)
            ? (said with { Kind = OutcomeKind.Short, Reason = reason }, null)
            : (Outcome.Failed(info.Footprint, reason), reason);
    }

    private static Kib Drift(TargetRequest request) => new(4 * request.Tolerance.Value + request.Target.Value / 64);

    /// <summary>One line that a terminal and a log can show.</summary>
    public static string Plain(string? text) => Printable.Of(text?.Trim(), MaxReason);
}
