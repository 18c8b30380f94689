using Actors.Chains.Files;
using Actors.Cli.CommandLine;
using Actors.Cli.Settings;
using Actors.Host.Settings;
using Actors.Loading.Signing;
using Actors.Yaml;

namespace Actors.Host.Commands;

/// <summary>The keys that the configuration of the host trusts, for commands that need no daemon.</summary>
internal static class ConfiguredTrust
{
    /// <summary>Reads the keys; none if there is no file.</summary>
    /// <param name="path">The file; <see langword="null"/> for the default one.</param>
    /// <exception cref="CommandException">The file is broken.</exception>
    public static TrustPolicy Read(string? path = null)
    {
        if (path is null && !File.Exists(HostPaths.Configuration))
            return TrustPolicy.None;
        var file = path ?? HostPaths.Configuration!;
        var problems = new YamlProblems(file);
        if (PolicyText.Read(file, problems) is { } text && HostConfiguration.Parse(text, Path.GetDirectoryName(Path.GetFullPath(file))!, problems) is { } configuration)
            return configuration.Trust ?? TrustPolicy.None;
        throw new CommandException(ExitCode.InvalidConfiguration, problems.InOrder.Select(problem => problem.ToString()).Prepend("the configuration is invalid:"));
    }
}
