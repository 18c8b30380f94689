namespace Actors.Sdk;

/// <summary>What is wanted of an actor.</summary>
public sealed record TargetRequest
{
    /// <summary>The footprint to reach.</summary>
    public required Kib Target { get; init; }

    /// <summary>What stands behind the colon of the actor key: <c>ARG</c> of <c>NAME:ARG</c>; empty when there is none.</summary>
    public string Argument { get; init; } = "";

    /// <summary>The host's number of this dispatch on this domain; it only grows.</summary>
    public long Serial { get; init; }

    /// <summary>Below it the guest would run out of memory; never go there.</summary>
    public Kib Floor { get; init; }

    /// <summary>How far from the target still counts as reached, either way.</summary>
    public Kib Tolerance { get; init; } = new(1024);

    /// <summary>How long this actor has; the host cancels it then. Infinite when nobody set a limit.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Whether a footprint counts as having reached the target.</summary>
    public bool IsReachedBy(Kib footprint) => (footprint - Target).Abs() <= Tolerance;
}
