using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Chains.Files;
using Actors.Dispatch.Registry;
using Actors.Host.Control;

namespace Actors.Host.Daemon;

/// <summary>One policy in <c>actors policy list</c>.</summary>
/// <param name="Policy">The state of the policy and its file.</param>
/// <param name="Default">Whether domains without an actor key use this policy.</param>
/// <param name="Shadow">Why the policy runs as a shadow: <c>file</c> (its own file says so) or <c>run</c> (the daemon's settings say so); <see langword="null"/> if it does not.</param>
internal sealed record ListedPolicy(PolicyStatus Policy, bool Default, string? Shadow);

/// <summary>The request behind <c>actors policy list</c>.</summary>
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
