using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Policies;

/// <summary>One run of a script: the facts that it reads, and the actions that it takes.</summary>
internal sealed class ScriptRun(
    string file, ScriptReads reads, StepRunner runner, ScriptBudget budget, RunContext domain, TargetRequest request, CancellationToken cancellation)
    : PolicyFacts(domain, request, reads, [])
{
    private const int MaxLines = 100;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(30);

    private readonly List<ScriptStep> _steps = [];
    private readonly List<RelaxableStep> _relaxable = [];
    private int _lines;
    private bool _redirected;

    public override IReadOnlyList<ScriptStep> Steps => [.. _steps];

    /// <summary>The steps that may be relaxed after the outcome.</summary>
    public IReadOnlyList<RelaxableStep> Relaxable => _relaxable;

    /// <summary>The call that the script made last, and may not have awaited.</summary>
    public Task Pending { get; private set; } = Task.CompletedTask;

    public override Task<Outcome> Run(string step, Kib? target, TimeSpan? timeout, TimeSpan? stall, bool keep) =>
        CallAsync(() => StepAsync(step, target, new TimeLimits(Limit(timeout), Limit(stall)), keep));

    public override Task Release(string step) => CallAsync(async () =>
    {
        await runner.ReleaseAsync(step, On, cancellation);
        return true;
    });

    public override Task Wait(TimeSpan duration) => CallAsync(async () =>
    {
        await Task.Delay(Limit(duration)!.Value, On.Time, cancellation);
        return true;
    });

    public override void Log(string message)
    {
        if (_lines++ < MaxLines)
            On.Log.Info($"{file}: {Printable.Of(message)}");
    }

    private static TimeSpan? Limit(TimeSpan? limit) => limit is null || (limit > TimeSpan.Zero && limit <= MaxDuration)
        ? limit
        : throw new ArgumentOutOfRangeException(nameof(limit), limit, "a time limit must be longer than 0 and at most 30 days");

    private Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        if (!Pending.IsCompleted)
            throw new InvalidOperationException("a domain can run one step at a time: await the previous one first");
        budget.Pause();
        var task = CalledAsync(call);
        Pending = task;
        return task;
    }

    private async Task<T> CalledAsync<T>(Func<Task<T>> call)
    {
        try
        {
            var result = await call();
            await RefreshAsync(cancellation);
            return result;
        }
        catch (Exception error) when (error is DomainGoneException || cancellation.IsCancellationRequested)
        {
            // The script cannot do anything about this, so it must not catch it.
            budget.End();
            throw;
        }
        finally
        {
            budget.Resume();
        }
    }

    private async Task<Outcome> StepAsync(string name, Kib? target, TimeLimits limits, bool keep)
    {
        var (requested, clipped) = target is { } own ? await ClipAsync(own) : (Request.Target, "");
        var others = RelaxFirst && !_redirected ? runner.EngagedOutside(name, On) : [];
        _redirected = true;
        await using var redirection = await Redirection.StartAsync(others, static _ => "", runner, On, Request, cancellation);
        var result = await runner.RunAsync(_steps.Count + 1, name, limits, On, Request with { Target = requested }, cancellation);
        var outcome = result.Outcome with { Actor = name, Step = result.Step, Reason = result.Outcome.Reason + clipped };
        _steps.Add(new ScriptStep(name, requested, outcome, result.Elapsed));
        _relaxable.RemoveAll(step => step.Name == name);
        _relaxable.Add(new RelaxableStep(name, HadFullTarget: requested == Request.Target, keep));
        return outcome;
    }

    // A script must not kill a guest: no step goes below the floor, or above the maximum that the guest was built for.
    private async Task<(Kib Target, string Note)> ClipAsync(Kib own)
    {
        var max = await On.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation) ?? Domain.MaxMem;
        var clipped = Kib.Max(Kib.Min(own, max), Request.Floor);
        return (clipped, clipped == own ? "" : $" (the script requested {own}; clipped to the {(own < clipped ? "floor" : "static-max")}, {clipped})");
    }
}
