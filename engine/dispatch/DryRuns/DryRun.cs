using System.Text.Json.Serialization;

namespace Actors.Dispatch.DryRuns;

/// <summary>What would be done with a target; nothing of it was.</summary>
internal sealed record DryRun
{
    /// <summary>As it stands in the key or was given; <see langword="null"/> when there is none.</summary>
    public string? Target { get; init; }
    public string? ActorKey { get; init; }
    public long FootprintKib { get; init; }

    /// <summary>Who holds something on the domain now.</summary>
    public IReadOnlyList<string> Engaged { get; init; } = [];

    /// <summary>Who would decide.</summary>
    public string? By { get; init; }

    /// <summary>What would be done, in a line.</summary>
    public required string Verdict { get; init; }

    /// <summary>Inputs, rule, and what clipped it.</summary>
    public string? Why { get; init; }
    public IReadOnlyList<DryStep> Steps { get; init; } = [];

    /// <summary>What was assumed, and what comes before and after the steps.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A step of it.</summary>
internal sealed record DryStep(int Step, string Actor, string Verdict, double? TimeoutSeconds, double? StallSeconds, long? TargetKib, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DryRun))]
internal sealed partial class DryRunJson : JsonSerializerContext;
