using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>The result of one rule for an actor of a plugin or, where the actor is <see langword="null"/>, for the plugin as a whole.</summary>
internal sealed record PluginFinding(string? Actor, string Rule, string Why, RuleVerdict Verdict, string Detail)
{
    public static PluginFinding Of(string actor, RuleResult result) =>
        new(actor, result.Rule.Name, result.Rule.Why, result.Verdict, result.Detail);
}
