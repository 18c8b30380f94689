using System.Globalization;
using System.Text.Json;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>Tells what would be done with a target, on the live state, and does none of it.</summary>
internal sealed class DryRunVerb(HostServices ground, ActorDirectory directory)
{
    public const string Verb = "policy explain";

    /// <param name="arguments">The domid, and the target in KiB or nothing for the one that stands.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var domid = int.Parse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var plan = await ExplainAsync(domid, arguments.Count > 1 ? arguments[1] : null, cancellation);
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(plan, DryRunJson.Default.DryRun));
    }

    public async Task<DryRun> ExplainAsync(int domid, string? target, CancellationToken cancellation)
    {
        var info = await ground.Hypervisor.GetDomainAsync(domid, cancellation)
            ?? throw new CommandException(ExitCode.Failed, $"domain {domid} is gone");
        var situation = await DomainSnapshot.ReadAsync(ground.Store, domid, known: null, cancellation) with { Info = info };
        situation = await ControlDomain.SeeAsync(ground.Hypervisor, situation, cancellation);
        // A target that nobody has written yet has no permissions to be wrong.
        if (target is not null)
            situation = situation with { Target = target, TargetPermissions = null };
        var last = StateKey.Parse(DomainSnapshot.Text(await ground.Store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.State), cancellation)));
        var engaged = last?.Engaged ?? [];
        var domain = new HostDomain(new DomainIdentity(domid, info.Uuid, ""), ground, new Engagements(engaged));
        var result = new DryRun { FootprintKib = info.Footprint.Value, Engaged = engaged, Target = situation.Target, Verdict = "", ActorKey = situation.Settings.Actor };
        return Decider.Decide(situation, directory) switch
        {
            Decision.Act { Plan: var dispatch } => await ActAsync(result, dispatch, domain, last, cancellation),
            Decision.External external => result with { Verdict = $"nothing: '{external.Actor}' is not an actor of this host, and the domain is left alone" },
            Decision.Refuse refuse => result with { Verdict = $"nothing, it would be refused: {refuse.Reason}" },
            _ => result with { Verdict = "nothing: no target is set; try one with --target SIZE" },
        };
    }

    private static async Task<DryRun> ActAsync(DryRun result, DispatchPlan dispatch, HostDomain domain, StateKey? last, CancellationToken cancellation)
    {
        var plan = await ActorPreview.OfAsync(dispatch.Actor, RunContext.ForDryRun(domain, dispatch.PrimaryTimeout), dispatch.Request, cancellation);
        var footprint = new Kib(result.FootprintKib);
        var notes = new List<string>();
        if (dispatch.Request.IsReachedBy(footprint))
            notes.Add("the footprint is at the target already: the first step that can say so will");
        else if (dispatch.Request.Target > footprint && result.Engaged.Count > 1)
            notes.Add($"growing: who is engaged lets go first, from the last to the first ({string.Join(", ", result.Engaged.Skip(1).Reverse())})");
        if (last is { Via: { Length: > 0 } via } && via != dispatch.Via && result.Engaged.Count > 0)
            notes.Add($"the actor key was '{via}': what it engaged is released first ({string.Join(", ", result.Engaged.Reverse())})");
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
