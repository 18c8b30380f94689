using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Registry;

/// <summary>The actor of a plugin.</summary>
internal sealed record PluginEntry(string Name, IActor Actor) : ActorEntry(Name)
{
    /// <summary>The mechanisms that the actor needs from the hypervisor, by their names in the plugin's manifest.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Why the plugin may not use a mechanism, by the mechanism's name; <see langword="null"/> if it may.</summary>
    public Func<string, string?> Refusal { get; init; } = _ => null;

    /// <summary>The problem of the plugin's folder while the last good version serves; else <see langword="null"/>.</summary>
    public string? FolderProblem { get; init; }

    public override string? OutOfService => (Actor as IQuarantinable)?.OutOfService;

    public override Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation) =>
        Actor.ReachAsync(run, request, cancellation);

    public override Task ReleaseAsync(RunContext run, CancellationToken cancellation) => Actor.ReleaseAsync(run, cancellation);

    public override bool IsSameAs(ActorEntry? other) => other is PluginEntry plugin && ReferenceEquals(Actor, plugin.Actor);
}
