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
    private const int MaxTries = 3;

    private readonly StepRunner _runner = new(name, directory);
    private readonly ConditionalWeakTable<Engagements, IReadOnlyList<RelaxableStep>> _relaxable = [];

    public IReadOnlyList<string> Steps => program.Steps;

    public async Task<Outcome> ReachAsync(RunContext domain, TargetRequest request, CancellationToken cancellation)
    {
        for (var attempt = 1; ;)
        {
            try
            {
                return await TryAsync(domain, request, cancellation);
            }
            catch (ScriptLostException lost)
            {
                // Somebody else's kills have no limit: each one delays the next start, and the run has a deadline.
                if (!lost.ByOthers && attempt++ == MaxTries)
                    return Outcome.Failed((await domain.InspectAsync(cancellation)).Footprint, lost.Message);
                domain.Log.Info($"{lost.Message}; {file} begins again");
            }
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
        var dry = new ScriptPreview(new FactsReader(domain, request, program.Reads), new StepPreviewer(name, directory, domain), request);
        try
        {
            var end = await ScriptPlay.RunAsync(program, limits, dry, cancellation);
            return dry.Result(end.Returned is { } returned ? $"then the script would return '{returned.Kind.ToString().ToLowerInvariant()}': {Printable.Of(returned.Reason)}" : null);
        }
        catch (Exception fault) when (fault is ScriptFaultException or ScriptLostException)
        {
            return dry.Result($"then the script would fail: {fault.Message}");
        }
    }
}
