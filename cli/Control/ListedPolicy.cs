using System.Text.Json.Serialization;
using Actors.Dispatch.Registry;

namespace Actors.Cli.Control;

/// <summary>One policy in <c>actors policy list</c>.</summary>
/// <param name="Policy">The state of the policy and its file.</param>
/// <param name="Default">Whether domains without an actor key use this policy.</param>
/// <param name="Shadow">Why the policy runs as a shadow: <c>file</c> (its own file says so) or <c>run</c> (the daemon's settings say so); <see langword="null"/> if it does not.</param>
internal sealed record ListedPolicy(PolicyStatus Policy, bool Default, string? Shadow)
{
    /// <summary>The verb of the request for the list.</summary>
    public const string Verb = "policy list";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<ListedPolicy>))]
internal sealed partial class PolicyStatusJson : JsonSerializerContext;
