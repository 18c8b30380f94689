using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Isolation.Messages;
using Actors.Isolation.Remote;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts.Processes;

/// <summary>The body of <c>Confine</c>.</summary>
/// <param name="Limits">What the process may use.</param>
/// <param name="Turn">The file of the <see cref="Actors.Isolation.Processes.SharedWord"/> in which it publishes its turns; <see langword="null"/> if it has none.</param>
internal sealed record ConfineBody(LimitsBody Limits, string? Turn);

/// <summary>The body of <c>LoadScript</c>. The number identifies the script from then on.</summary>
internal sealed record LoadScriptBody(long Script, ScriptSource Source, ScriptImage Image);

/// <summary>The body of <c>BeginRun</c>. The number identifies the run from then on.</summary>
internal sealed record BeginRunBody(long Script, long Run, ScriptLimits Limits, ScriptFacts Facts);

/// <summary>The body of <c>ContinueRun</c>.</summary>
internal sealed record ContinueRunBody(long Run, ScriptCallResult Result);

/// <summary>The body of <c>TestCondition</c>.</summary>
internal sealed record TestConditionBody(long Script, ScriptFacts Facts, IReadOnlyList<ScriptStep> Steps);

/// <summary>The body of <c>EndRun</c> and <c>UnloadScript</c>.</summary>
internal sealed record NumberBody(long Number);

/// <summary>The JSON of the bodies between the daemon and the processes for scripts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true, Converters = [typeof(KibJson), typeof(OutcomeJson), typeof(HostMemoryJson)])]
[JsonSerializable(typeof(ConfineBody))]
[JsonSerializable(typeof(ScriptSource))]
[JsonSerializable(typeof(CompiledScript))]
[JsonSerializable(typeof(LoadScriptBody))]
[JsonSerializable(typeof(BeginRunBody))]
[JsonSerializable(typeof(ContinueRunBody))]
[JsonSerializable(typeof(TestConditionBody))]
[JsonSerializable(typeof(NumberBody))]
[JsonSerializable(typeof(ScriptTurn))]
[JsonSerializable(typeof(ScriptEnd))]
internal sealed partial class ScriptJson : JsonSerializerContext;

/// <summary>An amount is its number of KiB.</summary>
internal sealed class KibJson : JsonConverter<Kib>
{
    public override Kib Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Kib value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>An outcome is written as in the protocol of plugins.</summary>
internal sealed class OutcomeJson : JsonConverter<Outcome>
{
    public override Outcome Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Bodies.Outcome(JsonSerializer.Deserialize(ref reader, WireJson.Default.OutcomeBody) ?? throw new JsonException("an outcome is missing"));

    public override void Write(Utf8JsonWriter writer, Outcome value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, Bodies.Of(value), WireJson.Default.OutcomeBody);
}

/// <summary>The host's memory is written as in the protocol of plugins.</summary>
internal sealed class HostMemoryJson : JsonConverter<HostMemory>
{
    public override HostMemory Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, WireJson.Default.HostBody) is { } body
            ? Bodies.Host(body)
            : throw new JsonException("the host's memory is missing");

    public override void Write(Utf8JsonWriter writer, HostMemory value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, Bodies.Of(value), WireJson.Default.HostBody);
}
