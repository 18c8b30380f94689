using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>What came of holding an actor of a plugin, or (no actor) the plugin as a whole, to a rule.</summary>
internal sealed record PluginFinding(string? Actor, string Rule, string Why, RuleVerdict Verdict, string Detail)
{
    public static PluginFinding Of(string actor, RuleResult result) =>
        new(actor, result.Rule.Name, result.Rule.Why, result.Verdict, result.Detail);
}
