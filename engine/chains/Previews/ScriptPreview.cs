using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Previews;

/// <summary>
/// Runs a script as a dry run: the facts that it reads are real, its actions are only recorded. A step is assumed to end short, so that
/// the preview shows all steps; a step that cannot act is unable.
/// </summary>
internal sealed class ScriptPreview(
    ScriptReads reads, StepPreviewer previewer, ScriptBudget budget, RunContext domain, TargetRequest request, CancellationToken cancellation)
    : PolicyFacts(domain, request, reads, [])
{
    private readonly List<StepPreview> _previews = [];
    private readonly List<ScriptStep> _steps = [];
    private readonly List<string> _notes = [];

    public override IReadOnlyList<ScriptStep> Steps => [.. _steps];

    public RunPreview Result(string? ending) => new(_previews,
    [
        .. _steps.Count > 0 ? ["this assumes that each step that can act ends short, so that all steps are shown"] : Array.Empty<string>(),
        .. _notes,
        .. ending is null ? [] : new[] { ending },
    ]);

    public override async Task<Outcome> Run(string step, Kib? target, TimeSpan? timeout, TimeSpan? stall, bool keep)
    {
        budget.Pause();
        var found = await previewer.OfAsync(_steps.Count + 1, step, new TimeLimits(timeout, stall), Request with { Target = target ?? Target }, cancellation);
        budget.Resume();
        _previews.AddRange(found.Select(one => one with { Target = target }));
        var outcome = Assumed(found) with { Actor = step, Step = _steps.Count + 1 };
        _steps.Add(new ScriptStep(step, target ?? Target, outcome, TimeSpan.Zero));
        return outcome;
    }

    public override Task Release(string step) => Note($"{step} would be released");

    public override Task Wait(TimeSpan duration) => Note($"the script would wait for {DurationText.Format(duration)}");

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

    // Counts as a call, so that a script that waits for something that never happens ends here too.
    private Task Note(string note)
    {
        budget.Pause();
        budget.Resume();
        if (!_notes.Contains(note))
            _notes.Add(note);
        return Task.CompletedTask;
    }
}
