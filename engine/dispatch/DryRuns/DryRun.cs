using System.Text.Json.Serialization;

namespace Actors.Dispatch.DryRuns;

/// <summary>What would be done with a target. Nothing was done.</summary>
internal sealed record DryRun
{
    /// <summary>The target, from the key or from the command line; <see langword="null"/> when there is none.</summary>
    public string? Target { get; init; }
    public string? ActorKey { get; init; }
    public long FootprintKib { get; init; }

    /// <summary>The actors that hold something on the domain now.</summary>
    public IReadOnlyList<string> Engaged { get; init; } = [];

    /// <summary>The policy or actor that would receive the target.</summary>
    public string? By { get; init; }

    /// <summary>What would be done, in one line.</summary>
    public required string Verdict { get; init; }

    /// <summary>The inputs, the rule, and what clipped the target.</summary>
    public string? Why { get; init; }
    public IReadOnlyList<DryStep> Steps { get; init; } = [];

    /// <summary>The assumptions, and what happens before and after the steps.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DryRun))]
internal sealed partial class DryRunJson : JsonSerializerContext;
