using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Loading.Containment;

/// <summary>Checks an actor's outcome against the hypervisor. Pure.</summary>
internal static class OutcomeCheck
{
    private const int MaxReason = 500;

    /// <summary>The outcome that the host uses, and what was wrong with the actor's own; <see langword="null"/> when nothing was.</summary>
    public static (Outcome Outcome, string? Fault) Check(Outcome? returned, TargetRequest request, DomainInfo info)
    {
        if (returned is null)
            return Fault("the actor returned no outcome");
        // The host knows which actor and which step it was.
        var reason = Plain(returned.Reason) is { Length: > 0 } given ? given : "the actor gave no reason";
        var clean = returned with { Footprint = info.Footprint, Reason = reason, Actor = "", Step = 0, Lacks = Plain(returned.Lacks), Learned = Plain(returned.Learned, info) };
        return returned.Kind switch
        {
            OutcomeKind.Reached when !Reached(request, info) => Missed(clean, request, info),
            OutcomeKind.Reached or OutcomeKind.Short or OutcomeKind.Unable or OutcomeKind.Failed => (clean, null),
            _ => Fault($"the actor returned '{returned.Kind}', which only the host may return; its reason: {clean.Reason}"),
        };

        (Outcome, string?) Fault(string what) => (Outcome.Failed(info.Footprint, what), what);
    }

    // A balloon above a working pager has done its part when the guest has the requested amount, paged out or not.
    private static bool Reached(TargetRequest request, DomainInfo info) =>
        request.IsReachedBy(info.Footprint) || request.IsReachedBy(info.Populated);

    private static (Outcome, string?) Missed(Outcome returned, TargetRequest request, DomainInfo info)
    {
        var away = (info.Footprint - request.Target).Abs();
        var side = info.Footprint > request.Target ? "above" : "below";
        var reason = $"the actor reported 'reached' ({returned.Reason}), but the hypervisor reports {info.Footprint}, {away} {side} the target";
        // A guest that moved between the actor's check and this one is not the actor's fault.
        return away <= Drift(request)
            ? (returned with { Kind = OutcomeKind.Short, Reason = reason }, null)
            : (Outcome.Failed(info.Footprint, reason), reason);
    }

    private static Kib Drift(TargetRequest request) => new(4 * request.Tolerance.Value + request.Target.Value / 64);

    private static Lack? Plain(Lack? lack) => lack is null ? null : lack with { HostMemory = Kib.Max(Kib.Zero, lack.HostMemory) };

    private static LearnedLimit? Plain(LearnedLimit? learned, DomainInfo info) => learned is null ? null
        : learned with { Footprint = Kib.Max(Kib.Zero, Kib.Min(learned.Footprint, info.MaxMem)), Reason = Plain(learned.Reason) };

    /// <summary>One line that a terminal and a log can show.</summary>
    public static string Plain(string? text) => Printable.Of(text?.Trim(), MaxReason);
}
