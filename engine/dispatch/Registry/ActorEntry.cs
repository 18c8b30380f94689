using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Registry;

/// <summary>What a name in an actor key means: the actor of a plugin, or a policy.</summary>
internal abstract record ActorEntry(string Name)
{
    public bool IsPolicy => this is PolicyEntry;

    /// <summary>The reason why it is out of service and how to restore it; <see langword="null"/> while it serves.</summary>
    public abstract string? OutOfService { get; }

    public abstract Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation);

    public abstract Task ReleaseAsync(RunContext run, CancellationToken cancellation);

    /// <summary>Whether both lead to the same code: a replaced plugin or policy is another one under the same name.</summary>
    public abstract bool IsSameAs(ActorEntry? other);
}
