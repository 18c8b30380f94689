using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Retries;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Runs;

/// <summary>Publishes the state of one domain: in its keys, in the journal and the log, and through an event.</summary>
internal sealed class StateWriter(HostDomain domain, HostServices services, StateKey? last, Waiting? waiting = null)
{
    /// <summary>The state that was written last, or found at the start.</summary>
    public StateKey? Last { get; private set; } = last;

    /// <summary>What the target waits for; <see langword="null"/> if it waits for nothing.</summary>
    public Waiting? Waiting { get; private set; } = waiting;

    public long NextSerial() => ++Serial;

    public long Serial { get; private set; } = last?.Serial ?? 0;

    public event Action<StateKey>? StateChanged;

    /// <summary>Writes the state, unless only its time has changed. The target keeps waiting for what it waits for while that makes sense.</summary>
    public ValueTask WriteAsync(StateKey state, CancellationToken cancellation) => WriteAsync(state, RetryRules.Kept(Waiting, state), cancellation);

    /// <summary>Writes the state and what the target waits for from now on.</summary>
    public ValueTask WriteAsync(StateKey state, Waiting? waiting, CancellationToken cancellation) => WriteAsync(state, waiting, cancellation, cancellation);

    /// <summary>Writes the state of a run that has ended, and what the target waits for from now on.</summary>
    /// <param name="state">The state.</param>
    /// <param name="waiting">What the target waits for; <see langword="null"/> if it waits for nothing.</param>
    /// <param name="giveUp">Ends the attempts while the store is unreachable. It does not cancel a request.</param>
    public ValueTask WriteOutcomeAsync(StateKey state, Waiting? waiting, CancellationToken giveUp) => WriteAsync(state, waiting, CancellationToken.None, giveUp);

    private async ValueTask WriteAsync(StateKey state, Waiting? waiting, CancellationToken cancellation, CancellationToken giveUp)
    {
        var engaged = state with { Engaged = domain.Engaged.Actors, BalloonTarget = domain.Store.BalloonTarget.Written };
        if (waiting == Waiting && Last is not null && Last with { Since = engaged.Since } == engaged && Last.Engaged.SequenceEqual(engaged.Engaged))
            return;
        await StoreRetry.RunAsync(() => SendAsync(engaged, waiting, cancellation), services.Time, giveUp);
        (Last, Waiting) = (engaged, waiting);
        StateChanged?.Invoke(engaged);
    }

    /// <summary>Writes the last state again, and what the target waits for, because xenstore has lost them.</summary>
    public async ValueTask RepublishAsync(CancellationToken cancellation)
    {
        if (Waiting is { } waiting)
            await WaitingStore.WriteAsync(services.Store, domain.Identity.Domid, waiting, last: null, cancellation);
        if (Last is { } known)
            await StateStore.WriteAsync(services.Store, domain.Identity.Domid, known, last: null, cancellation);
    }

    public StateKey Of(Outcome outcome, Kib? target, long serial, string via) => new()
    {
        Outcome = StateKey.NameOf(outcome.Kind),
        Actor = outcome.Actor,
        Step = outcome.Step,
        Target = target,
        Footprint = outcome.Footprint,
        Since = services.Time.GetUtcNow(),
        Serial = serial,
        Via = via,
        Reason = outcome.Reason,
    };

    public void Journal(StateKey state, Kib? from, double seconds, string why, IReadOnlyList<StepResult> steps, Shadows? shadows = null)
    {
        domain.Log.Info($"{state.Outcome}{(state.Target is { } target ? $": target {target}" : "")}, footprint {state.Footprint}{By(state)}: {state.Reason}");
        services.Journal.Append(new JournalEntry
        {
            Time = services.Time.GetUtcNow(),
            Domid = domain.Identity.Domid,
            Uuid = domain.Identity.Uuid,
            Name = domain.Identity.Name,
            Serial = state.Serial,
            TargetKib = state.Target?.Value,
            FromKib = from?.Value,
            FootprintKib = state.Footprint?.Value,
            Outcome = state.Outcome,
            Actor = state.Actor,
            Step = state.Step,
            Seconds = Math.Round(seconds, 3),
            Reason = state.Reason,
            Why = why,
            Steps = [.. steps.Select(step => new JournalStep(
                step.Step, step.Actor, step.Skipped ? JournalStep.Skipped : StateKey.NameOf(step.Outcome.Kind), step.Outcome.Footprint.Value,
                Math.Round(step.Elapsed.TotalSeconds, 3), step.Outcome.Reason))],
            Shadows = shadows?.CompareWith(steps) is { Count: > 0 } compared ? compared : null,
        });
    }

    private async ValueTask SendAsync(StateKey state, Waiting? waiting, CancellationToken cancellation)
    {
        Task keys, condition;
        using (services.Store.Batch())
        {
            condition = WaitingStore.WriteAsync(services.Store, domain.Identity.Domid, waiting, Waiting, cancellation).AsTask();
            keys = StateStore.WriteAsync(services.Store, domain.Identity.Domid, state, Last, cancellation).AsTask();
        }
        await Task.WhenAll(condition, keys);
    }

    private static string By(StateKey state) => (state.Actor, state.Step) switch
    {
        ("", _) => "",
        (var actor, 0) => $", by {actor}",
        var (actor, step) => $", by {actor} (step {step})",
    };
}
