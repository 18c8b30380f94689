using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>One run of a script: what it looks at, and what it does.</summary>
internal sealed class ScriptRun(
    string file, ScriptReads reads, StepRunner runner, ScriptBudget budget, RunContext domain, TargetRequest request, CancellationToken cancellation)
    : PolicyFacts(domain, request, reads, [])
{
    private const int MostLines = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly List<ScriptStep> _steps = [];
    private readonly List<RelaxableStep> _settling = [];
    private int _lines;
    private bool _relaxed;

    public override IReadOnlyList<ScriptStep> Steps => [.. _steps];

    /// <summary>The steps for which something may be left to do.</summary>
    public IReadOnlyList<RelaxableStep> Relaxable => _settling;

    /// <summary>What the script called and did not wait for.</summary>
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
        if (_lines++ < MostLines)
            On.Log.Info($"{file}: {(message.Length <= 500 ? message : message[..500])}");
    }

    private static TimeSpan? Limit(TimeSpan? limit) => limit is null || (limit > TimeSpan.Zero && limit <= Longest)
        ? limit
        : throw new ArgumentOutOfRangeException(nameof(limit), limit, "a time limit is longer than nothing, and at most 30 days");

    private Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        if (!Pending.IsCompleted)
            throw new InvalidOperationException("a domain has one step at a time: await the one before, first");
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
            await LookAsync(cancellation);
            return result;
        }
        catch (Exception error) when (error is DomainGoneException || cancellation.IsCancellationRequested)
        {
            // Nothing that the script could do about it: it catches nothing any more.
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
        var (wish, clipped) = target is { } own ? await ClipAsync(own) : (Request.Target, "");
        if (Growing && RelaxFirst && !_relaxed)
            await runner.RelaxAsync(On.Engaged.Actors.Where(actor => actor != name).Reverse(), On, Request, cancellation);
        _relaxed = true;
        var result = await runner.RunAsync(_steps.Count + 1, name, limits, On, Request with { Target = wish }, cancellation);
        var outcome = result.Outcome with { Actor = name, Step = result.Step, Reason = result.Outcome.Reason + clipped };
        _steps.Add(new ScriptStep(name, wish, outcome, result.Elapsed));
        _settling.RemoveAll(step => step.Name == name);
        _settling.Add(new RelaxableStep(name, Asks: wish == Request.Target, keep));
        return outcome;
    }

    // A script decides much, but not that a guest dies: no step goes below the floor, or above what the guest was built for.
    private async Task<(Kib Target, string Note)> ClipAsync(Kib own)
    {
        var most = await On.Store.ReadKibAsync(DomainKeys.StaticMax, cancellation) ?? Domain.MaxMem;
        var clipped = Kib.Max(Kib.Min(own, most), Request.Floor);
        return (clipped, clipped == own ? "" : $" (the script asked for {own}; clipped to the {(own < clipped ? "floor" : "static-max")}, {clipped})");
    }
}
