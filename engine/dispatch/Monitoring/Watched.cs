using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Monitoring;

/// <summary>What the monitor knows about one domain. Immutable.</summary>
internal sealed record Watched
{
    /// <summary>The last state. The rest of this record is about this state.</summary>
    public required StateKey State { get; init; }

    /// <summary>How far the footprint may be from the target.</summary>
    public required Kib Tolerance { get; init; }

    public required OnDrift OnDrift { get; init; }

    /// <summary>Whether the domain is left to another program.</summary>
    public bool LeftAlone { get; init; }

    /// <summary>Whether actors still work on the domain after the outcome, so that they may change max_mem and move the footprint for a while.</summary>
    public bool IsFollowedUp { get; init; }

    /// <summary>max_mem at the first check after the outcome and its follow-up work; <see langword="null"/> until then.</summary>
    public Kib? MaxMem { get; init; }

    /// <summary>The number of checks in a row that found the same deviation.</summary>
    public int Strikes { get; init; }

    /// <summary>Whether a check found that the domain has crashed, was shut down or has lost its pager.</summary>
    public bool IsBroken { get; init; }

    public RetryBackoff Backoff { get; init; } = RetryBackoff.None;

    /// <summary>The time at which the target is requested again; <see langword="null"/> if it is not.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The record of a new state, with what the request says about it.</summary>
    public static Watched Of(StateKey state, DispatchPlan? plan) => new()
    {
        State = state,
        Tolerance = plan?.Request.Tolerance ?? Decider.DefaultTolerance,
        OnDrift = (plan?.Actor as PolicyEntry)?.OnDrift ?? OnDrift.Retry,
    };
}
