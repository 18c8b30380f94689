using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Policies;

/// <summary>One run of a script: what the host does for it.</summary>
internal sealed class ScriptRun(string file, FactsReader facts, StepRunner runner, RunContext domain, TargetRequest request) : IScriptHost
{
    private const int MaxLines = 100;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(30);

    private readonly List<ScriptStep> _steps = [];
    private readonly List<RelaxableStep> _relaxable = [];
    private int _lines;
    private bool _redirected;

    public IReadOnlyList<ScriptStep> Steps => _steps;

    /// <summary>The steps that may be relaxed after the outcome.</summary>
    public IReadOnlyList<RelaxableStep> Relaxable => _relaxable;

    public Task<ScriptFacts> FactsAsync(CancellationToken cancellation) => facts.ReadAsync(cancellation);

    public async Task<ScriptStep?> CallAsync(ScriptCall call, CancellationToken cancellation)
    {
        switch (call.Kind)
        {
            case ScriptCallKind.Run:
                return await StepAsync(call, new TimeLimits(Limit(call.Timeout), Limit(call.Stall)), cancellation);
            case ScriptCallKind.Release:
                await runner.ReleaseAsync(call.Step, domain, cancellation);
                return null;
            default:
                await Task.Delay(Limit(call.Duration)!.Value, domain.Time, cancellation);
                return null;
        }
    }

    public void Log(string line)
    {
        if (_lines++ < MaxLines)
            domain.Log.Info($"{file}: {Printable.Of(line)}");
    }

    private static TimeSpan? Limit(TimeSpan? limit) => limit is null || (limit > TimeSpan.Zero && limit <= MaxDuration)
        ? limit
        : throw new ArgumentOutOfRangeException(nameof(limit), limit, "a time limit must be longer than 0 and at most 30 days");

    private async Task<ScriptStep> StepAsync(ScriptCall call, TimeLimits limits, CancellationToken cancellation)
    {
        var (requested, clipped) = call.Target is { } own ? await ClipAsync(own, cancellation) : (request.Target, "");
        var others = call.RelaxFirst && !_redirected ? runner.EngagedOutside(call.Step, domain) : [];
        _redirected = true;
        await using var redirection = await Redirection.StartAsync(others, static _ => "", runner, domain, request, cancellation);
        var result = await runner.RunAsync(_steps.Count + 1, call.Step, limits, domain, request with { Target = requested }, cancellation);
        var outcome = result.Outcome with { Actor = call.Step, Step = result.Step, Reason = result.Outcome.Reason + clipped };
        var step = new ScriptStep(call.Step, requested, outcome, result.Elapsed);
        _steps.Add(step);
        _relaxable.RemoveAll(step => step.Name == call.Step);
        _relaxable.Add(new RelaxableStep(call.Step, HadFullTarget: requested == request.Target, call.Keep));
        return step;
    }

    // A script must not kill a guest: no step goes below the floor, or above the maximum that the guest was built for.
    private async Task<(Kib Target, string Note)> ClipAsync(Kib own, CancellationToken cancellation)
    {
        var max = await domain.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation) ?? (await domain.InspectAsync(cancellation)).MaxMem;
        var clipped = Kib.Max(Kib.Min(own, max), request.Floor);
        return (clipped, clipped == own ? "" : $" (the script requested {own}; clipped to the {(own < clipped ? "floor" : "static-max")}, {clipped})");
    }
}
