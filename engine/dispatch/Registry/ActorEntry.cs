using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Registry;

/// <summary>What a name in an actor key means: the actor of a plugin, or a policy.</summary>
internal abstract record ActorEntry(string Name)
{
    public bool IsPolicy => this is PolicyEntry;

    /// <summary>Why it is out of service and how to restore it; <see langword="null"/> while it serves.</summary>
    public abstract string? OutOfService { get; }

    public abstract Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation);

    public abstract Task ReleaseAsync(RunContext run, CancellationToken cancellation);

    /// <summary>Whether both lead to the same code: a replaced plugin or policy is another one under the same name.</summary>
    public abstract bool IsSameAs(ActorEntry? other);
}

/// <summary>The actor of a plugin.</summary>
internal sealed record PluginEntry(string Name, IActor Actor) : ActorEntry(Name)
{
    /// <summary>The mechanisms that the actor needs from the hypervisor, by their names in the plugin's manifest.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public override string? OutOfService => (Actor as IQuarantinable)?.OutOfService;

    public override Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation) =>
        Actor.ReachAsync(run, request, cancellation);

    public override Task ReleaseAsync(RunContext run, CancellationToken cancellation) => Actor.ReleaseAsync(run, cancellation);

    public override bool IsSameAs(ActorEntry? other) => other is PluginEntry plugin && ReferenceEquals(Actor, plugin.Actor);
}

/// <summary>A policy, with what its file says about every target that it receives.</summary>
internal sealed record PolicyEntry(string Name, IPolicy Policy) : ActorEntry(Name)
{
    public Kib? Floor { get; init; }
    public Kib? Tolerance { get; init; }

    /// <summary>The policy decides next to the one that serves, and moves nothing.</summary>
    public bool Shadow { get; init; }

    public override string? OutOfService => (Policy as IQuarantinable)?.OutOfService;

    public override Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation) =>
        Policy.ReachAsync(run, request, cancellation);

    public override Task ReleaseAsync(RunContext run, CancellationToken cancellation) => Policy.ReleaseAsync(run, cancellation);

    public override bool IsSameAs(ActorEntry? other) => other is PolicyEntry policy && ReferenceEquals(Policy, policy.Policy);
}
