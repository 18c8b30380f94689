namespace Actors.Sdk;

/// <summary>How a dispatch ended.</summary>
public enum OutcomeKind
{
    /// <summary>The footprint is at the target.</summary>
    Reached,

    /// <summary>The actor moved the footprint as far as it can, but not to the target.</summary>
    Short,

    /// <summary>This actor cannot act on this domain at all.</summary>
    Unable,

    /// <summary>A newer target or another actor replaced this one.</summary>
    Superseded,

    /// <summary>The dispatch ended with an error.</summary>
    Failed,

    /// <summary>The plugin or policy is out of service after too many faults.</summary>
    Quarantined,
}

/// <summary>The result of a dispatch: how it ended, the footprint, and the reason, in one line that an operator can act on.</summary>
public sealed record Outcome
{
    /// <summary>How the dispatch ended.</summary>
    public required OutcomeKind Kind { get; init; }

    /// <summary>The footprint at that moment.</summary>
    public required Kib Footprint { get; init; }

    /// <summary>The reason: what the actor found, what prevented it from going further, and what an operator can do about it.</summary>
    public required string Reason { get; init; }

    /// <summary>The actor that produced this outcome. The host fills it in if an actor leaves it empty.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The step of the chain that produced this outcome, counted from 1; 0 if there is no chain.</summary>
    public int Step { get; init; }

    /// <summary>
    /// What the footprint would be if every other actor released the domain; <see langword="null"/> if this actor does not know.
    /// A chain relaxes its later steps when an earlier step can hold the target alone.
    /// </summary>
    public Kib? Alone { get; init; }

    /// <summary>
    /// What was missing; <see langword="null"/> if the actor does not know, or if nothing was. A chain that ends short lacks what its
    /// steps lacked.
    /// </summary>
    public Lack? Lacks { get; init; }

    /// <summary>
    /// What the actor learned about the guest, for later requests; <see langword="null"/> if it learned nothing. The host keeps it by
    /// UUID, so it survives the guest's reboot.
    /// </summary>
    public LearnedLimit? Learned { get; init; }

    /// <summary>The footprint is at the target.</summary>
    public static Outcome Reached(Kib footprint, string reason) => Of(OutcomeKind.Reached, footprint, reason);

    /// <summary>The actor moved the footprint as far as it can, but not to the target.</summary>
    public static Outcome Short(Kib footprint, string reason) => Of(OutcomeKind.Short, footprint, reason);

    /// <summary>The actor cannot act on this domain.</summary>
    public static Outcome Unable(Kib footprint, string reason) => Of(OutcomeKind.Unable, footprint, reason);

    /// <summary>A newer target or another actor replaced this one.</summary>
    public static Outcome Superseded(Kib footprint, string reason) => Of(OutcomeKind.Superseded, footprint, reason);

    /// <summary>The dispatch ended with an error.</summary>
    public static Outcome Failed(Kib footprint, string reason) => Of(OutcomeKind.Failed, footprint, reason);

    /// <summary>The plugin or policy is out of service. The reason names the fault and how to put it back into service. Only the host uses this outcome, not an actor.</summary>
    public static Outcome Quarantined(Kib footprint, string reason) => Of(OutcomeKind.Quarantined, footprint, reason);

    private static Outcome Of(OutcomeKind kind, Kib footprint, string reason) =>
        new() { Kind = kind, Footprint = footprint, Reason = reason };
}
