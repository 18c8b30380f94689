using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Runs;

/// <summary>Tells how things stand with one domain: in its state key, in the journal, and to whoever listens.</summary>
internal sealed class StateWriter(HostDomain domain, HostServices ground, StateKey? last)
{
    private readonly string _path = PolicyKeys.Of(domain.Identity.Domid, PolicyKeys.State);

    /// <summary>The state as it was written last, or found at the start.</summary>
    public StateKey? Last { get; private set; } = last;

    public long NextSerial() => ++Serial;

    public long Serial { get; private set; } = last?.Serial ?? 0;

    public event Action<StateKey>? StateChanged;

    /// <summary>Writes the state; the same words twice are written once.</summary>
    public async ValueTask StateAsync(StateKey state, CancellationToken cancellation)
    {
        var engaged = state with { Engaged = domain.Engaged.Actors };
        if (Last is not null && Last with { Since = engaged.Since } == engaged && Last.Engaged.SequenceEqual(engaged.Engaged))
            return;
        await StoreRetry.AskAsync(() => ground.Store.WriteTextAsync(_path, engaged.ToString(), cancellation), ground.Time, cancellation);
        Last = engaged;
        StateChanged?.Invoke(engaged);
    }

    public StateKey Of(Outcome outcome, Kib? target, long serial, string via) => new()
    {
        Outcome = StateKey.Word(outcome.Kind),
        Actor = outcome.Actor,
        Step = outcome.Step,
        Target = target,
        Footprint = outcome.Footprint,
        Since = ground.Time.GetUtcNow(),
        Serial = serial,
        Via = via,
        Reason = outcome.Reason,
    };

    public void Journal(StateKey state, Kib? from, double seconds, string why, IReadOnlyList<StepResult> steps, Shadows? shadows = null) =>
        ground.Journal.Append(new JournalEntry
        {
            Time = ground.Time.GetUtcNow(),
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
                step.Step, step.Actor, step.Skipped ? JournalStep.Skipped : StateKey.Word(step.Outcome.Kind), step.Outcome.Footprint.Value,
                Math.Round(step.Elapsed.TotalSeconds, 3), step.Outcome.Reason))],
            Shadows = shadows?.Beside(steps) is { Count: > 0 } beside ? beside : null,
        });
}
