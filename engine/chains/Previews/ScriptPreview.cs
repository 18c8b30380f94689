using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Previews;

/// <summary>
/// Runs a script as a dry run: the facts that it reads are real, its actions are only recorded. A step is assumed to end short, so that
/// the preview shows all steps; a step that cannot act is unable.
/// </summary>
internal sealed class ScriptPreview(FactsReader facts, StepPreviewer previewer, TargetRequest request) : IScriptHost
{
    private readonly List<StepPreview> _previews = [];
    private readonly List<string> _notes = [];
    private ScriptFacts? _facts;
    private int _steps;

    public RunPreview Result(string? ending) => new(_previews,
    [
        .. _steps > 0 ? ["this assumes that each step that can act ends short, so that all steps are shown"] : Array.Empty<string>(),
        .. _notes,
        .. ending is null ? [] : new[] { ending },
    ]);

    // Nothing moves in a dry run.
    public async Task<ScriptFacts> FactsAsync(CancellationToken cancellation) => _facts ??= await facts.ReadAsync(cancellation);

    public async Task<ScriptStep?> CallAsync(ScriptCall call, CancellationToken cancellation)
    {
        if (call.Kind == ScriptCallKind.Run)
            return await StepAsync(call, cancellation);
        var note = call.Kind == ScriptCallKind.Release ? $"{call.Step} would be released" : $"the script would wait for {DurationText.Format(call.Duration)}";
        if (!_notes.Contains(note))
            _notes.Add(note);
        return null;
    }

    public void Log(string line)
    {
    }

    private async Task<ScriptStep> StepAsync(ScriptCall call, CancellationToken cancellation)
    {
        var target = call.Target ?? request.Target;
        var found = await previewer.OfAsync(++_steps, call.Step, new TimeLimits(call.Timeout, call.Stall), request with { Target = target }, cancellation);
        _previews.AddRange(found.Select(one => one with { Target = call.Target }));
        var footprint = (await FactsAsync(cancellation)).Domain.Footprint;
        return new ScriptStep(call.Step, target, Assumed(found, footprint) with { Actor = call.Step, Step = _steps }, TimeSpan.Zero);
    }

    private static Outcome Assumed(IReadOnlyList<StepPreview> steps, Kib footprint)
    {
        if (steps.FirstOrDefault(step => step.Verdict == StepPreview.Missing) is { } missing)
            return Outcome.Failed(footprint, missing.Reason);
        return steps.Count > 0 && steps.All(step => step.Verdict == StepPreview.Unable)
            ? Outcome.Unable(footprint, steps[0].Reason)
            : Outcome.Short(footprint, "assumed to end short");
    }
}
