using Actors.Chains.Files;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Host.PolicyTests;
using Actors.Sdk.Text;

namespace Actors.Host.Commands;

/// <summary>Checks the names of policies in the configuration before the daemon starts.</summary>
internal static class ConfiguredPolicies
{
    /// <summary>Rejects a default policy or a shadow that does not exist. A policy whose file is broken does exist.</summary>
    /// <exception cref="CommandException">A name is unknown; the message names it.</exception>
    public static void Check(HostOptions options)
    {
        List<string> policies = Directory.Exists(options.PolicyFolder) ? [.. PolicyReader.FilesIn(options.PolicyFolder).Select(PolicyFile.NameOf)] : [];
        if (options.DefaultPolicy != HostOptions.StandardPolicy)
            Require("default policy", options.DefaultPolicy, [.. policies.Union(KnownActors.In(options.PluginFolder))]);
        foreach (var shadow in options.Shadows)
            Require("shadow", shadow, policies);
    }

    private static void Require(string what, string name, IReadOnlyList<string> known)
    {
        if (known.Contains(name))
            return;
        var hint = Suggestion.For(name, known) is { } meant ? $"did you mean '{meant}'?" : $"known: {string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}";
        throw new CommandException(ExitCode.InvalidConfiguration, $"the configuration names an unknown {what}, '{name}'; {hint}");
    }
}
