using System.Runtime.CompilerServices;
using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Domains;
using Actors.Host.Policies.Foresight;
using Actors.Host.Policies.Steps;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Host.Policies.Scripts;

/// <summary>A script at work. Whatever it does comes back as an outcome; what it claims is held against the hypervisor's word.</summary>
internal sealed class ScriptActor(string name, string file, ScriptProgram program, ActorDirectory directory, PolicyHealth health, ScriptLimits limits)
    : IActor, ISettles, IComposite, IForesees
{
    private readonly StepRunner _runner = new(name, directory);
    private readonly ConditionalWeakTable<Engagements, IReadOnlyList<SettlingStep>> _settling = [];

    public IReadOnlyList<string> Steps => program.Steps;

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        host.Failed.Clear();
        var budget = new ScriptBudget(limits, cancellation);
        var run = new ScriptRun(file, program.Reads, _runner, budget, host, request, cancellation);
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
            host.Log.Warn(fault.Message);
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return health.Fault(fault.Message, fault.Runaway) ? health.Answer(footprint) : Outcome.Failed(footprint, fault.Message);
        }
        finally
        {
            _settling.AddOrUpdate(host.Engaged, run.Settling);
        }
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        var host = (HostDomain)domain;
        foreach (var step in ChainRules.LastToFirst(Steps, step => _runner.IsEngaged(step, host)).ToList())
            await _runner.ReleaseAsync(step, host, cancellation);
    }

    public async Task<Outcome?> SettleAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation) =>
        _settling.TryGetValue(domain.Engaged, out var steps)
            ? await Settling.RunAsync(steps, _runner, domain, request, cancellation)
            : null;

    public async Task<Foreseen> ForeseeAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var budget = new ScriptBudget(limits, cancellation);
        var dry = new ScriptForesight(program.Reads, new StepForesight(name, directory, domain), budget, domain, request, cancellation);
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

    public ValueTask DisposeAsync() => default;

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
