using System.Runtime.CompilerServices;
using Actors.Chains.Model;
using Actors.Chains.Previews;
using Actors.Chains.Scripts;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Policies;

/// <summary>A script at work. Whatever it does comes back as an outcome; what it claims is held against the hypervisor's word.</summary>
internal sealed class ScriptPolicy(string name, string file, ScriptProgram program, ActorDirectory directory, PolicyHealth health, ScriptLimits limits)
    : IPolicy
{
    private readonly StepRunner _runner = new(name, directory);
    private readonly ConditionalWeakTable<Engagements, IReadOnlyList<RelaxableStep>> _settling = [];

    public IReadOnlyList<string> Steps => program.Steps;

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        domain.Failed.Clear();
        var budget = new ScriptBudget(limits, cancellation);
        var run = new ScriptRun(file, program.Reads, _runner, budget, domain, request, cancellation);
        await run.LookAsync(cancellation);
        try
        {
            var said = await SaysAsync(run, () => run.Pending, budget, cancellation);
            health.Sound();
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return ScriptVerdict.On(said, run.Steps, request, footprint, file);
        }
        catch (ScriptFaultException fault)
        {
            domain.Log.Warn(fault.Message);
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return health.Fault(fault.Message, fault.Runaway) ? health.Answer(footprint) : Outcome.Failed(footprint, fault.Message);
        }
        finally
        {
            _settling.AddOrUpdate(domain.Engaged, run.Relaxable);
        }
    }

    public async Task ReleaseAsync(RunContext domain, CancellationToken cancellation)
    {
        foreach (var step in ChainRules.LastToFirst(Steps, step => _runner.IsEngaged(step, domain)).ToList())
            await _runner.ReleaseAsync(step, domain, cancellation);
    }

    public async Task<Outcome?> FollowUpAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        _settling.TryGetValue(domain.Engaged, out var steps)
            ? await StepRelaxation.RunAsync(steps, _runner, domain, request, cancellation)
            : null;

    public async Task<RunPreview> PreviewAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var budget = new ScriptBudget(limits, cancellation);
        var dry = new ScriptPreview(program.Reads, new StepPreviewer(name, directory, domain), budget, domain, request, cancellation);
        await dry.LookAsync(cancellation);
        try
        {
            return dry.Result(await SaysAsync(dry, () => Task.CompletedTask, budget, cancellation) is { } said ? $"then it would say '{said.Kind.ToString().ToLowerInvariant()}': {said.Reason}" : null);
        }
        catch (ScriptFaultException fault)
        {
            return dry.Result($"then it would fail: {fault.Message}");
        }
    }

    // Asynchronous even where nothing is awaited: the guard's budget holds for what is called from here, and for nothing else.
    private async Task<Outcome?> SaysAsync(PolicyScript run, Func<Task> pending, ScriptBudget budget, CancellationToken cancellation)
    {
        ScriptGuard.Budget = budget;
        try
        {
            budget.Resume();
            var said = await program.RunAsync(run);
            await pending();
            return budget.Stopped is { } reason ? throw new ScriptStoppedException(reason) : said;
        }
        catch (Exception error) when (error is not DomainGoneException && !(error is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            throw new ScriptFaultException(program.Describe(error), budget.Stopped is not null);
        }
    }
}
