namespace Actors.Dispatch.Journal;

/// <summary>How one run ended, and why. One line of JSON; amounts are in KiB.</summary>
internal sealed record JournalEntry
{
    public required DateTimeOffset Time { get; init; }
    public required int Domid { get; init; }
    public required Guid Uuid { get; init; }
    public required string Name { get; init; }
    public required long Serial { get; init; }
    public long? TargetKib { get; init; }
    public long? FromKib { get; init; }
    public long? FootprintKib { get; init; }
    public required string Outcome { get; init; }

    /// <summary>The plugin, where the entry is not about a domain; <see cref="Domid"/> is -1 then.</summary>
    public string? Plugin { get; init; }

    public string Actor { get; init; } = "";
    public int Step { get; init; }
    public double Seconds { get; init; }
    public required string Reason { get; init; }

    /// <summary>The inputs, the rule, and what clipped the target.</summary>
    public string Why { get; init; } = "";

    /// <summary>The result of each step of a chain.</summary>
    public IReadOnlyList<JournalStep> Steps { get; init; } = [];

    /// <summary>What the shadow policies would have done with the same target.</summary>
    public IReadOnlyList<JournalShadow>? Shadows { get; init; }

    /// <summary>The name in entries about the daemon itself.</summary>
    public const string Daemon = "actors";

    /// <summary>An entry about the daemon itself; <see cref="Domid"/> is -1.</summary>
    public static JournalEntry OfDaemon(string outcome, string reason, DateTimeOffset time) =>
        OfPlugin("", outcome, reason, time) with { Name = Daemon, Plugin = null };

    public static JournalEntry OfPlugin(string id, string outcome, string reason, DateTimeOffset time) => new()
    {
        Time = time,
        Domid = -1,
        Uuid = Guid.Empty,
        Name = "",
        Serial = 0,
        Plugin = id,
        Outcome = outcome,
        Reason = reason,
    };
}
