using Actors.Chains.Files;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.PolicyTests;
using Actors.Sdk.Text;

namespace Actors.Host.Commands;

/// <summary>Checks the names of policies in the configuration before the daemon starts.</summary>
internal static class ConfiguredPolicies
{
    /// <summary>The names that a class may use: those of the policy files in a folder and of the actors of plugins in another.</summary>
    public static IReadOnlyCollection<string> Names(string policyFolder, string pluginFolder) => [.. In(policyFolder).Union(KnownActors.In(pluginFolder))];

    /// <summary>Rejects a default policy or a shadow that does not exist. A policy whose file is broken does exist.</summary>
    /// <exception cref="CommandException">A name is unknown; the message names it.</exception>
    public static void Check(HostOptions options)
    {
        var policies = In(options.PolicyFolder);
        if (options.DefaultPolicy != HostOptions.StandardPolicy)
            Require("default policy", options.DefaultPolicy, Names(options.PolicyFolder, options.PluginFolder));
        foreach (var shadow in options.Shadows)
            Require("shadow", shadow, policies);
    }

    private static List<string> In(string policyFolder) => Directory.Exists(policyFolder) ? [.. PolicyReader.FilesIn(policyFolder).Select(PolicyFile.NameOf)] : [];

    private static void Require(string what, string name, IReadOnlyCollection<string> known)
    {
        if (known.Contains(name))
            return;
        var hint = Suggestion.For(name, known) is { } meant ? $"did you mean '{meant}'?" : $"known: {string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}";
        throw new CommandException(ExitCode.InvalidConfiguration, $"the configuration names an unknown {what}, '{name}'; {hint}");
    }
}
