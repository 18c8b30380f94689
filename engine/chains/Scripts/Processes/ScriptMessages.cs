using System.Text.Json.Serialization;
using Actors.Chains.Scripts.Compiling;

namespace Actors.Chains.Scripts.Processes;

/// <summary>The JSON of the bodies between the daemon and the processes for scripts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScriptSource))]
[JsonSerializable(typeof(CompiledScript))]
internal sealed partial class ScriptJson : JsonSerializerContext;
