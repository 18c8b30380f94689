using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Monitoring;
using Actors.Dispatch.Retries;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Runs;

/// <summary>Publishes the states of a domain that no run produces.</summary>
internal sealed class StateReports(HostDomain domain, StateWriter writer)
{
    public async Task ExternalAsync(string actor, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        domain.Log.Info($"the actor '{actor}' is external; the domain is left alone");
        await writer.WriteAsync(new StateKey
        {
            Outcome = StateKey.External,
            Actor = actor,
            Footprint = footprint,
            Since = domain.Time.GetUtcNow(),
            Serial = writer.NextSerial(),
            Via = actor,
            Reason = $"'{actor}' is not an actor of this host: it watches the keys itself, and the domain is left alone",
        }, cancellation);
    }

    public async Task RefusedAsync(Decision.Refuse refuse, RetryCause cause, Shadows shadows, CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        var last = writer.Last;
        if (info.State == DomainState.Crashed)
            await LearnAsync(info, cancellation);
        var after = AfterOrder.Describe(last, refuse, info.State, domain.Time.GetUtcNow());
        var outcome = after is var (kind, reason, _)
            ? new Outcome { Kind = kind, Footprint = info.Footprint, Reason = reason, Actor = last!.Actor, Step = last.Step }
            : new Outcome { Kind = refuse.Kind, Footprint = info.Footprint, Reason = refuse.Reason, Lacks = refuse.Lacks };
        var waiting = refuse.Target is { } target ? RetryRules.Next(writer.Waiting, outcome, target, cause, every: null, domain.Time.GetUtcNow()) : null;
        outcome = outcome with { Reason = WaitingReason.Add(outcome.Reason, waiting, outcome.Footprint) };
        var state = writer.Of(outcome, refuse.Target, writer.NextSerial(), last?.Via ?? "");
        await writer.WriteAsync(state, waiting, cancellation);
        writer.Journal(state, last?.Target == refuse.Target ? last?.Footprint : info.Footprint, 0, after?.Why ?? refuse.Why, [], shadows);
    }

    private async Task LearnAsync(DomainInfo info, CancellationToken cancellation)
    {
        var staticMax = await domain.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation);
        if (CrashLesson.Of(info, domain.Store.BalloonTarget.Own is not null, staticMax) is { } lesson)
            await domain.LearnAsync(lesson, cancellation);
    }

    public async Task LeftAloneAsync(Decision.LeaveAlone left, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        var last = writer.Last;
        await PublishAsync(new StateKey
        {
            Outcome = StateKey.Drifted,
            Actor = last?.Actor ?? "",
            Step = last?.Step ?? 0,
            Target = left.Plan.Request.Target,
            Footprint = footprint,
            Since = domain.Time.GetUtcNow(),
            Serial = writer.Serial,
            Via = last?.Via ?? "",
            Reason = left.Write.Reason,
        }, last?.Footprint, $"{left.Plan.Why}; memory/target was compared with the value that actors wrote last", cancellation);
    }

    /// <summary>The target was removed, and every actor has released the domain.</summary>
    public async Task TargetRemovedAsync(IReadOnlyList<string> released, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        var last = writer.Last;
        await PublishAsync(new StateKey
        {
            Outcome = StateKey.Superseded,
            Footprint = footprint,
            Since = domain.Time.GetUtcNow(),
            Serial = writer.NextSerial(),
            Reason = $"the target{(last?.Target is { } target ? $" of {target}" : "")} was removed: "
                + (released.Count == 0 ? "nothing was engaged" : $"{string.Join(" and ", released.Reverse())} released the domain")
                + "; 'actors mem-set' sets a new one",
        }, last?.Footprint, "the key memory-policy/target was removed", cancellation);
    }

    /// <summary>Publishes what the monitor found.</summary>
    public async Task FoundAsync(Finding found, CancellationToken cancellation)
    {
        switch (found)
        {
            case Finding.Moved moved:
                await writer.WriteAsync(moved.Of with { Footprint = moved.Footprint }, cancellation);
                break;
            case Finding.Changed changed:
                var state = changed.Of with
                {
                    Outcome = changed.Outcome,
                    Footprint = changed.Footprint,
                    Since = domain.Time.GetUtcNow(),
                    Reason = changed.Reason,
                };
                await PublishAsync(state, changed.Of.Footprint, "the monitor compared the footprint and max_mem with the state", cancellation);
                break;
        }
    }

    private async Task PublishAsync(StateKey state, Kib? from, string why, CancellationToken cancellation)
    {
        await writer.WriteAsync(state, cancellation);
        writer.Journal(state, from, 0, why, []);
    }
}
