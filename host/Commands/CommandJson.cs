using System.Text.Json.Serialization;
using Actors.Cli.Commands;
using Actors.Dispatch.Journal;
using Actors.Host.Demo;
using Actors.Host.Doctor;

namespace Actors.Host.Commands;

/// <summary>The result of <c>explain</c>.</summary>
internal sealed record Explanation(
    int Domid, string Name, string? Target, string? TargetPermissions, string? ActorKey, string Meaning, string? StaticMax, string Floor,
    string? Timeout, SettingsView Settings, string Verdict, string? State, string? Why, IReadOnlyList<JournalStep> Steps, IReadOnlyList<JournalShadow> Shadows,
    string? JournalProblem)
{
    /// <summary>What the target waits for, and since when.</summary>
    public string? Waiting { get; init; }

    /// <summary>What would help a guest that thrashes; <see langword="null"/> if it does not.</summary>
    public string? Thrashing { get; init; }

    /// <summary>The superpages left; <see langword="null"/> where the hypervisor cannot tell.</summary>
    public string? Superpages { get; init; }
}

/// <summary>One line of <c>plugin test</c>.</summary>
internal sealed record PluginFindingLine(string? Actor, string Rule, string Verdict, string Detail, string Why);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(IReadOnlyList<DoctorFinding>))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(IReadOnlyList<PluginFindingLine>))]
internal sealed partial class CommandJson : JsonSerializerContext;
