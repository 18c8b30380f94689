using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Dispatch.Journal;

/// <summary>How one dispatch ended, with the why. One line of JSON; amounts are KiB.</summary>
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
    /// <summary>The plugin that it is about, where it is about no domain: then <see cref="Domid"/> is -1.</summary>
    public string? Plugin { get; init; }

    public string Actor { get; init; } = "";
    public int Step { get; init; }
    public double Seconds { get; init; }
    public required string Reason { get; init; }

    /// <summary>Inputs, rule, and what clipped it.</summary>
    public string Why { get; init; } = "";

    /// <summary>What each step of a chain did.</summary>
    public IReadOnlyList<JournalStep> Steps { get; init; } = [];

    /// <summary>What the shadow policies would have done with the same target.</summary>
    public IReadOnlyList<JournalShadow>? Shadows { get; init; }

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

/// <summary>What one shadow policy would have done.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Plan">Its steps and their limits, in a line.</param>
/// <param name="Difference">Where it parts from what really happened; absent where it does not.</param>
internal sealed record JournalShadow(string Policy, string Plan, string? Difference);

internal sealed record JournalStep(int Step, string Actor, string Outcome, long FootprintKib, double Seconds, string Reason)
{
    /// <summary>Its condition was false, so it did not run.</summary>
    public const string Skipped = "skipped";
}

[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    // Written for people as much as for programs: '>' and quotes stay what they are.
    public static JournalJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
