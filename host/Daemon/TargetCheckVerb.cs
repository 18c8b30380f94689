using System.Globalization;
using System.Text.Json;
using Actors.Cli.Control;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>The request with which <c>actors mem-set</c> finds out, before it writes a target, whether the daemon would reject it.</summary>
internal sealed class TargetCheckVerb(HostServices services, ActorDirectory directory)
{
    /// <param name="arguments">The domid, and the target in KiB.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var domid = int.Parse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var snapshot = await SnapshotReader.ReadAsync(services, domid, known: null, cancellation);
        var check = Decider.Decide(snapshot with { Target = arguments[1] }, directory) switch
        {
            Decision.Refuse when ActorIsComing(snapshot) => new TargetCheck(null, null),
            Decision.Refuse { Lacks: not { Kinds: LackKinds.DomainState } } refuse => new TargetCheck(refuse.Reason, null),
            Decision.External external => new TargetCheck(null, external.Actor),
            _ => new TargetCheck(null, null),
        };
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(check, TargetCheckJson.Default.TargetCheck));
    }

    // The target then waits for its policy, for example until that is compiled.
    private bool ActorIsComing(DomainSnapshot snapshot) =>
        ActorKey.Parse(EffectiveSettings.Of(snapshot, directory.Classes).Actor.Value).Key is { } key && directory.Choose(key) is ActorChoice.Missing { Soon: true };
}
