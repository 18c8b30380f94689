using System.Runtime.CompilerServices;
using Actors.Chains.Model;
using Actors.Chains.Previews;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Steps;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Policies;

/// <summary>Runs a script. Whatever the script does ends in an outcome, and its claims are checked against the hypervisor.</summary>
internal sealed class ScriptPolicy(string name, string file, IScript program, ActorDirectory directory, PolicyHealth health, ScriptLimits limits)
    : IPolicy
{
    private readonly StepRunner _runner = new(name, directory);
    private readonly ConditionalWeakTable<Engagements, IReadOnlyList<RelaxableStep>> _relaxable = [];

    public IReadOnlyList<string> Steps => program.Steps;

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        try
        {
            return await LostRuns.AgainAsync(() => TryAsync(domain, request, cancellation), what => domain.Log.Info($"{what}; {file} begins again"));
        }
        catch (ScriptLostException lost)
        {
            return Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, lost.Message);
        }
    }

    private async Task<Outcome> TryAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        domain.Failed.Clear();
        var run = new ScriptRun(file, new FactsReader(domain, request, program.Reads), _runner, domain, request);
        try
        {
            var end = await ScriptPlay.RunAsync(program, limits, run, cancellation);
            health.Succeeded();
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return ScriptOutcome.On(end, run.Steps, request, footprint, file);
        }
        catch (ScriptFaultException fault)
        {
            var quarantined = health.Fault(fault.Message, fault.Runaway);
            domain.Log.Warn(fault.Message);
            // A script that ignored its cancellation was abandoned.
            cancellation.ThrowIfCancellationRequested();
            var footprint = (await domain.InspectAsync(cancellation)).Footprint;
            return quarantined ? health.OutOfService(footprint) : Outcome.Failed(footprint, fault.Message);
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
        ScriptPreview dry = null!;
        try
        {
            var end = await LostRuns.AgainAsync(() => ScriptPlay.RunAsync(program, limits, dry = Dry(domain, request), cancellation), _ => { });
            return dry.Result(end.Returned is { } returned ? $"then the script would return '{returned.Kind.ToString().ToLowerInvariant()}': {Printable.Of(returned.Reason)}" : null);
        }
        catch (ScriptFaultException fault)
        {
            return dry.Result($"then the script would fail: {fault.Message}");
        }
        catch (ScriptLostException lost)
        {
            return dry.Result($"then the preview was lost: {lost.Message}");
        }
    }

    private ScriptPreview Dry(RunContext domain, TargetRequest request) =>
        new(new FactsReader(domain, request, program.Reads), new StepPreviewer(name, directory, domain), request);
}
