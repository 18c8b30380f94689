using System.Globalization;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>Previews what the daemon would do with a target in the current state, without doing it.</summary>
internal sealed class DryRunVerb(HostServices services, ActorDirectory directory)
{
    /// <param name="arguments">The domid and, optionally, a target in KiB; without it, the current target.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var domid = int.Parse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var plan = await ExplainAsync(domid, arguments.Count > 1 ? arguments[1] : null, cancellation);
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(plan, DryRunJson.Default.DryRun));
    }

    public async Task<DryRun> ExplainAsync(int domid, string? target, CancellationToken cancellation)
    {
        var info = await services.Hypervisor.GetDomainAsync(domid, cancellation)
            ?? throw new CommandException(ExitCode.Failed, $"domain {domid} does not exist any more");
        var snapshot = await SnapshotReader.ReadAsync(services, domid, known: null, cancellation);
        // A target that is not written yet has no permissions that could be wrong.
        if (target is not null)
            snapshot = snapshot with { Target = target, TargetPermissions = null };
        var last = await StateStore.TryReadAsync(services.Store, domid, cancellation);
        var engaged = last?.Engaged ?? [];
        var domain = new HostDomain(new DomainIdentity(domid, info.Uuid, ""), services, new Engagements(engaged));
        var result = new DryRun { FootprintKib = info.Footprint.Value, Engaged = engaged, Target = snapshot.Target, Verdict = "", ActorKey = EffectiveSettings.Of(snapshot, directory.Classes).Actor.Value };
        return Decider.Decide(snapshot, directory) switch
        {
            Decision.Act { Plan: var dispatch } => await ActAsync(result, dispatch, domain, last, cancellation),
            Decision.External external => result with { Verdict = $"nothing: '{external.Actor}' is not an actor of this host, so the daemon leaves the domain alone" },
            Decision.Refuse refuse => result with { Verdict = $"nothing, the target would be rejected: {refuse.Reason}" },
            _ => result with { Verdict = "nothing: no target is set; preview one with --target SIZE" },
        };
    }

    private static async Task<DryRun> ActAsync(DryRun result, DispatchPlan dispatch, HostDomain domain, StateKey? last, CancellationToken cancellation)
    {
        var plan = await ActorPreview.OfAsync(dispatch.Actor, RunContext.ForDryRun(domain, dispatch.PrimaryTimeout), dispatch.Request, cancellation);
        var footprint = new Kib(result.FootprintKib);
        var notes = new List<string>();
        if (dispatch.Request.IsReachedBy(footprint))
            notes.Add("the footprint is already at the target, so the first step that can run reports 'reached'");
        else if (dispatch.Request.Target > footprint && result.Engaged.Count > 1)
            notes.Add($"growing: the engaged steps release memory first, from the last to the first ({string.Join(", ", result.Engaged.Skip(1).Reverse())})");
        if (last is { Via: { Length: > 0 } via } && via != dispatch.Via && result.Engaged.Count > 0)
            notes.Add($"the actor key was '{via}': its engaged steps are released first ({string.Join(", ", result.Engaged.Reverse())})");
        return result with
        {
            Verdict = plan.ToString(),
            By = $"{(dispatch.Actor.IsPolicy ? "policy" : "actor")} '{dispatch.Actor.Name}'",
            Why = dispatch.Why,
            Steps = [.. plan.Steps.Select(step => new DryStep(
                step.Step, step.Actor, step.Verdict, step.Limits.Timeout?.TotalSeconds, step.Limits.Stall?.TotalSeconds, step.Target?.Value, step.Reason))],
            Notes = [.. notes, .. plan.Notes],
        };
    }
}
