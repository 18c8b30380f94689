using System.Text.Json.Serialization;

namespace Actors.Host.ScenarioTests;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<ScenarioTestResult>))]
internal sealed partial class ScenarioTestJson : JsonSerializerContext;
