using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Cli.Control;

/// <summary>A request of a command to the running daemon: a verb (<c>plugin reload</c>) and its arguments. It is one line of JSON.</summary>
internal sealed record ControlRequest(string Verb, IReadOnlyList<string> Arguments);

/// <summary>The answer of the daemon. It is one line of JSON.</summary>
/// <param name="ExitCode">The exit code of the command.</param>
/// <param name="Error">The error message; <see langword="null"/> when the request succeeded.</param>
/// <param name="Body">The result, as JSON in the shape of the verb.</param>
internal sealed record ControlAnswer(int ExitCode, string? Error, JsonElement? Body)
{
    public static ControlAnswer Failed(int exitCode, string error) => new(exitCode, error, null);

    public static ControlAnswer Ok(JsonElement body) => new(CommandLine.ExitCode.Ok, null, body);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
