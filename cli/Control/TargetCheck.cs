using System.Text.Json.Serialization;

namespace Actors.Cli.Control;

/// <summary>What the daemon would do with a target, which <c>actors mem-set</c> asks before it writes one.</summary>
/// <param name="Refusal">Why it would reject the target; <see langword="null"/> if it would not, or only until the domain's state changes.</param>
/// <param name="External">The external actor of the domain; <see langword="null"/> if the daemon acts on its target.</param>
internal sealed record TargetCheck(string? Refusal, string? External)
{
    /// <summary>The verb of the request. Its arguments are the domid, and the target in KiB.</summary>
    public const string Verb = "target check";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TargetCheck))]
internal sealed partial class TargetCheckJson : JsonSerializerContext;
