using Actors.Loading.Containment;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>The result of one rule for an actor of a plugin or, where the actor is <see langword="null"/>, for the plugin as a whole.</summary>
internal sealed record PluginFinding(string? Actor, string Rule, string Why, RuleVerdict Verdict, string Detail)
{
    public static PluginFinding Of(string actor, RuleResult result) =>
        new(actor, result.Rule.Name, result.Rule.Why, result.Verdict, result.Detail);

    /// <summary>The result for exceptions that belong to no run.</summary>
    public static PluginFinding Unobserved(PluginHealth health) => new(null, "It throws nothing on its own threads and timers",
        "such an exception belongs to no run, so the host can only count it and take the plugin out of service",
        health.Now.Total == 0 ? RuleVerdict.Pass : RuleVerdict.Fail,
        health.Now.Total == 0 ? "" : $"{health.Now.Total} times, the last: {health.Now.LastFault}");
}
