using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Registry;

/// <summary>An actor composed of other actors. Unlike the actor of a plugin it sees the run that it is part of.</summary>
internal interface IPolicy
{
    /// <summary>Every actor and policy that its steps can name.</summary>
    IReadOnlyList<string> Steps { get; }

    Task<Outcome> ReachAsync(RunContext run, TargetRequest request, CancellationToken cancellation);

    Task ReleaseAsync(RunContext run, CancellationToken cancellation);

    /// <summary>Does what is left after the outcome: releases later steps once an earlier one catches up.</summary>
    /// <returns>A new outcome; <see langword="null"/> when there was nothing to do.</returns>
    Task<Outcome?> FollowUpAsync(RunContext run, TargetRequest request, CancellationToken cancellation);

    /// <summary>Reports what <see cref="ReachAsync"/> would do now. It writes nothing and calls no actor.</summary>
    Task<RunPreview> PreviewAsync(RunContext run, TargetRequest request, CancellationToken cancellation);
}
