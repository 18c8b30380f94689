using Actors.Dispatch.Registry;
using Actors.Sdk.Text;

namespace Actors.Chains.Yaml;

/// <summary>Parses the value of <c>on_drift</c>: <c>retry</c> or <c>report</c>.</summary>
internal static class OnDriftText
{
    public const string Expected = "retry or report";

    private static readonly string[] Names = ["retry", "report"];

    public static (OnDrift Value, string? Error) Parse(string text) => text switch
    {
        "retry" => (OnDrift.Retry, null),
        "report" => (OnDrift.Report, null),
        _ => (OnDrift.Retry, $"expected {Expected}{(Suggestion.For(text, Names) is { } meant ? $" (did you mean '{meant}'?)" : "")}"),
    };
}
