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

/// <summary>Runs a script. Whatever the script does ends in an outcome, and its claims are checked against the hypervisor.</summary>
internal sealed class ScriptPolicy(string name, string file, ScriptProgram program, ActorDirectory directory, PolicyHealth health, ScriptLimits limits)
    : IPolicy
{
    private readonly StepRunner _runner = new(name, directory);
    private readonly ConditionalWeakTable<Engagements, IReadOnlyList<RelaxableStep>> _relaxable = [];

    public IReadOnlyList<string> Steps => program.Steps;

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        domain.Failed.Clear();
        var budget = new ScriptBudget(limits, cancellation);
        var run = new ScriptRun(file, program.Reads, _runner, budget, domain, request, cancellation);
        await run.RefreshAsync(cancellation);
        try
        {
            var returned = await ExecuteAsync(run, () => run.Pending, budget, cancellation);
            health.Succeeded();
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return ScriptOutcome.On(returned, run.Steps, request, footprint, file);
        }
        catch (ScriptFaultException fault)
        {
            domain.Log.Warn(fault.Message);
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return health.Fault(fault.Message, fault.Runaway) ? health.OutOfService(footprint) : Outcome.Failed(footprint, fault.Message);
        }
        finally
        {
            _relaxable.AddOrUpdate(domain.Engaged, run.Relaxable);
        }
    }

    public async Task ReleaseAsync(RunContext domain, CancellationToken cancellation)
    {
        foreach (var step in ChainRules.LastToFirst(Steps, step => _runner.IsEngaged(step, domain)).ToList())
            await _runner.ReleaseAsync(step, domain, cancellation);
    }

    public async Task<Outcome?> FollowUpAsync(RunContext domain, TargetRequest request, CancellationToken cancellation) =>
        _relaxable.TryGetValue(domain.Engaged, out var steps)
            ? await StepRelaxation.RunAsync(steps, _runner, domain, request, cancellation)
            : null;

    public async Task<RunPreview> PreviewAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        var budget = new ScriptBudget(limits, cancellation);
        var dry = new ScriptPreview(program.Reads, new StepPreviewer(name, directory, domain), budget, domain, request, cancellation);
        await dry.RefreshAsync(cancellation);
        try
        {
            return dry.Result(await ExecuteAsync(dry, () => Task.CompletedTask, budget, cancellation) is { } returned ? $"then the script would return '{returned.Kind.ToString().ToLowerInvariant()}': {returned.Reason}" : null);
        }
        catch (ScriptFaultException fault)
        {
            return dry.Result($"then the script would fail: {fault.Message}");
        }
    }

    // This method is async so that the budget, an AsyncLocal, applies to what is called from here and to nothing else.
    private async Task<Outcome?> ExecuteAsync(PolicyScript run, Func<Task> pending, ScriptBudget budget, CancellationToken cancellation)
    {
        ScriptGuard.Budget = budget;
        try
        {
            budget.Resume();
            var returned = await program.RunAsync(run);
            await pending();
            return budget.Stopped is { } reason ? throw new ScriptStoppedException(reason) : returned;
        }
        catch (Exception error) when (error is not DomainGoneException && !(error is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            throw new ScriptFaultException(program.Describe(error), budget.Stopped is not null);
        }
    }
}
