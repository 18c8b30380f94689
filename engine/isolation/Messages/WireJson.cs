using System.Text.Json.Serialization;

namespace Actors.Isolation.Messages;

/// <summary>The JSON of all bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, MaxDepth = 256)]
[JsonSerializable(typeof(HelloBody))]
[JsonSerializable(typeof(LoadBody))]
[JsonSerializable(typeof(LimitsBody))]
[JsonSerializable(typeof(LoadedBody))]
[JsonSerializable(typeof(ConfigureBody))]
[JsonSerializable(typeof(ProblemsBody))]
[JsonSerializable(typeof(MetricsBody))]
[JsonSerializable(typeof(DomainBody))]
[JsonSerializable(typeof(FaultBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(CallBody))]
[JsonSerializable(typeof(OutcomeBody))]
[JsonSerializable(typeof(DomainRequest))]
[JsonSerializable(typeof(InspectBody))]
[JsonSerializable(typeof(HostBody))]
[JsonSerializable(typeof(GrantBody))]
[JsonSerializable(typeof(TextBody))]
[JsonSerializable(typeof(NamesBody))]
[JsonSerializable(typeof(PagesBody))]
[JsonSerializable(typeof(SharingBody))]
[JsonSerializable(typeof(TmemBody))]
[JsonSerializable(typeof(HintingBody))]
internal sealed partial class WireJson : JsonSerializerContext;
