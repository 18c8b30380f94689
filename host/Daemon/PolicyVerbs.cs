using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Chains.Files;
using Actors.Dispatch.Registry;
using Actors.Host.Control;

namespace Actors.Host.Daemon;

/// <summary>A policy, as <c>actors policy list</c> shows it.</summary>
/// <param name="Policy">How it stands with its file.</param>
/// <param name="Default">Domains that name none have this one.</param>
/// <param name="Shadow">It looks on: <c>file</c> by its own word, <c>run</c> by the daemon's command line.</param>
internal sealed record ListedPolicy(PolicyStatus Policy, bool Default, string? Shadow);

/// <summary>Answers what <c>actors policy list</c> asks of the daemon.</summary>
internal static class PolicyVerbs
{
    public const string Verb = "policy list";

    public static ControlAnswer Answer(IReadOnlyList<PolicyStatus> statuses, ActorDirectory directory)
    {
        string? Shadow(string name) => directory.FindPolicy(name) is { Shadow: true } ? "file" : directory.AlsoShadows.Contains(name) ? "run" : null;
        IReadOnlyList<ListedPolicy> list = [.. statuses.Select(status => new ListedPolicy(status, status.Name == directory.DefaultPolicy, Shadow(status.Name)))];
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(list, PolicyStatusJson.Default.IReadOnlyListListedPolicy));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<ListedPolicy>))]
internal sealed partial class PolicyStatusJson : JsonSerializerContext;
