using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Previews;

/// <summary>
/// A script in a dry world: what it looks at is real, what it does is written down and nothing else. A step is taken to end short, so that the
/// whole way is seen; one that can't act is unable.
/// </summary>
internal sealed class ScriptPreview(
    ScriptReads reads, StepPreviewer foresight, ScriptBudget budget, RunContext domain, TargetRequest request, CancellationToken cancellation)
    : PolicyFacts(domain, request, reads, [])
{
    private readonly List<StepPreview> _foreseen = [];
    private readonly List<ScriptStep> _steps = [];
    private readonly List<string> _notes = [];

    public override IReadOnlyList<ScriptStep> Steps => [.. _steps];

    public RunPreview Result(string? ending) => new(_foreseen,
    [
        .. _steps.Count > 0 ? ["a script's steps are taken to end short, as far as they could act, so that its whole way is seen"] : Array.Empty<string>(),
        .. _notes,
        .. ending is null ? [] : new[] { ending },
    ]);

    public override async Task<Outcome> Run(string step, Kib? target, TimeSpan? timeout, TimeSpan? stall, bool keep)
    {
        budget.Pause();
        var found = await foresight.OfAsync(_steps.Count + 1, step, new TimeLimits(timeout, stall), Request with { Target = target ?? Target }, cancellation);
        budget.Resume();
        _foreseen.AddRange(found.Select(one => one with { Target = target }));
        var outcome = Assumed(found) with { Actor = step, Step = _steps.Count + 1 };
        _steps.Add(new ScriptStep(step, target ?? Target, outcome, TimeSpan.Zero));
        return outcome;
    }

    public override Task Release(string step) => Note($"{step} would be released");

    public override Task Wait(TimeSpan duration) => Note($"it would wait for {DurationText.Format(duration)}");

    public override void Log(string message)
    {
    }

    private Outcome Assumed(IReadOnlyList<StepPreview> steps)
    {
        if (steps.FirstOrDefault(step => step.Verdict == StepPreview.Missing) is { } missing)
            return Outcome.Failed(Footprint, missing.Reason);
        return steps.Count > 0 && steps.All(step => step.Verdict == StepPreview.Unable)
            ? Outcome.Unable(Footprint, steps[0].Reason)
            : Outcome.Short(Footprint, "assumed to end short");
    }

    // Counted as a call, so that a script that waits for something that never comes has an end here, too.
    private Task Note(string note)
    {
        budget.Pause();
        budget.Resume();
        if (!_notes.Contains(note))
            _notes.Add(note);
        return Task.CompletedTask;
    }
}
