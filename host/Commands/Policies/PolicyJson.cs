using System.Text.Json.Serialization;
using Actors.Chains.Lint;

namespace Actors.Host.Commands.Policies;

/// <summary>The result of one test of a policy.</summary>
internal sealed record TestLine(string Policy, string Test, bool Passed, IReadOnlyList<string> Differences, string Observed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<LintFinding>))]
[JsonSerializable(typeof(IReadOnlyList<TestLine>))]
internal sealed partial class PolicyJson : JsonSerializerContext;
