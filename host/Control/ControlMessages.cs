using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Host.Control;

/// <summary>What a command asks of the running daemon: a verb (<c>plugin reload</c>) and its arguments. One line of JSON.</summary>
internal sealed record ControlRequest(string Verb, IReadOnlyList<string> Arguments);

/// <summary>What the daemon answers. One line of JSON.</summary>
/// <param name="ExitCode">What the command ends with.</param>
/// <param name="Error">What went wrong, for a person; <see langword="null"/> when nothing did.</param>
/// <param name="Body">What was asked for, as JSON of the verb's own shape.</param>
internal sealed record ControlAnswer(int ExitCode, string? Error, JsonElement? Body)
{
    public static ControlAnswer Failed(int exitCode, string error) => new(exitCode, error, null);

    public static ControlAnswer Ok(JsonElement body) => new(CommandLine.ExitCode.Ok, null, body);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
