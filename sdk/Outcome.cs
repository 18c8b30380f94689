namespace Actors.Sdk;

/// <summary>How a dispatch ended.</summary>
public enum OutcomeKind
{
    /// <summary>The footprint is at the target.</summary>
    Reached,

    /// <summary>The footprint moved as far as this actor can move it, and that is short of the target.</summary>
    Short,

    /// <summary>This actor cannot act on this domain at all.</summary>
    Unable,

    /// <summary>A newer target or actor took its place.</summary>
    Superseded,

    /// <summary>An error.</summary>
    Failed,

    /// <summary>The plugin or policy is out of service after too many faults.</summary>
    Quarantined,
}

/// <summary>How a dispatch ended, where the footprint is, and why, in one line that a person can act on.</summary>
public sealed record Outcome
{
    /// <summary>How it ended.</summary>
    public required OutcomeKind Kind { get; init; }

    /// <summary>The footprint at that moment.</summary>
    public required Kib Footprint { get; init; }

    /// <summary>Why: what was found, what stood in the way, what a person can do about it.</summary>
    public required string Reason { get; init; }

    /// <summary>The actor that ended it; the host fills it in where an actor leaves it empty.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Which step of a chain that was, from 1; 0 where there is no chain.</summary>
    public int Step { get; init; }

    /// <summary>
    /// What the footprint would be if every other actor let go of the domain; <see langword="null"/> when this one can't say.
    /// A chain relaxes its later steps when an earlier one holds the target alone.
    /// </summary>
    public Kib? Alone { get; init; }

    /// <summary>The footprint is at the target.</summary>
    public static Outcome Reached(Kib footprint, string reason) => Of(OutcomeKind.Reached, footprint, reason);

    /// <summary>The footprint moved as far as it will go.</summary>
    public static Outcome Short(Kib footprint, string reason) => Of(OutcomeKind.Short, footprint, reason);

    /// <summary>The actor cannot act on this domain.</summary>
    public static Outcome Unable(Kib footprint, string reason) => Of(OutcomeKind.Unable, footprint, reason);

    /// <summary>A newer target or actor took its place.</summary>
    public static Outcome Superseded(Kib footprint, string reason) => Of(OutcomeKind.Superseded, footprint, reason);

    /// <summary>An error.</summary>
    public static Outcome Failed(Kib footprint, string reason) => Of(OutcomeKind.Failed, footprint, reason);

    /// <summary>The plugin or policy is out of service; the reason says since what fault, and what takes it back. The host's word, not an actor's.</summary>
    public static Outcome Quarantined(Kib footprint, string reason) => Of(OutcomeKind.Quarantined, footprint, reason);

    private static Outcome Of(OutcomeKind kind, Kib footprint, string reason) =>
        new() { Kind = kind, Footprint = footprint, Reason = reason };
}
