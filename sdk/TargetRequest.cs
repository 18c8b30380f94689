namespace Actors.Sdk;

/// <summary>A request to an actor: the target and its limits.</summary>
public sealed record TargetRequest
{
    /// <summary>The footprint to reach.</summary>
    public required Kib Target { get; init; }

    /// <summary>The text after the colon of the actor key: <c>ARG</c> of <c>NAME:ARG</c>. Empty if there is none.</summary>
    public string Argument { get; init; } = "";

    /// <summary>The host's number for this dispatch on this domain. It only grows.</summary>
    public long Serial { get; init; }

    /// <summary>The floor: below it the guest runs out of memory. An actor must never go below it.</summary>
    public Kib Floor { get; init; }

    /// <summary>
    /// Whether an operator set the floor for this very domain. Then it is the only limit: an actor disregards <see cref="Learned"/> and
    /// what the guest reports to need.
    /// </summary>
    public bool FloorIsExplicit { get; init; }

    /// <summary>
    /// What the host learned about this guest earlier: an actor that takes memory from the guest itself stays above that. A pager may
    /// go lower, down to <see cref="Floor"/>. <see langword="null"/> if nothing was learned.
    /// </summary>
    public LearnedLimit? Learned { get; init; }

    /// <summary>The tolerance: a footprint within this distance of the target, above or below, counts as reached.</summary>
    public Kib Tolerance { get; init; } = new(1024);

    /// <summary>How long this actor has before the host cancels it. Infinite if no limit is set.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Whether a footprint is within the tolerance of the target.</summary>
    public bool IsReachedBy(Kib footprint) => (footprint - Target).Abs() <= Tolerance;
}
