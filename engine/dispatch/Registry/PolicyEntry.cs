using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Registry;

/// <summary>A policy, and what its file says about every target that it receives.</summary>
internal sealed record PolicyEntry(string Name, IPolicy Policy) : ActorEntry(Name)
{
    public Kib? Floor { get; init; }
    public Kib? Tolerance { get; init; }
    public OnDrift OnDrift { get; init; }

    /// <summary>The pause before the target is requested again after a chain ended short; <see langword="null"/> if the policy sets none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The policy decides next to the one that serves, and moves nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>The problem of the policy's file, with file and line, while the last good version serves; else <see langword="null"/>.</summary>
    public string? FileProblem { get; init; }

    public override string? OutOfService => (Policy as IQuarantinable)?.OutOfService;

    public override Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation) =>
        Policy.ReachAsync(run, request, cancellation);

    public override Task ReleaseAsync(RunContext run, CancellationToken cancellation) => Policy.ReleaseAsync(run, cancellation);

    public override bool IsSameAs(ActorEntry? other) => other is PolicyEntry policy && ReferenceEquals(Policy, policy.Policy);
}
