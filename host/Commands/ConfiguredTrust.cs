using Actors.Cli.CommandLine;
using Actors.Loading.Signing;

namespace Actors.Host.Commands;

/// <summary>The keys that the configuration of the host trusts, for commands that need no daemon.</summary>
internal static class ConfiguredTrust
{
    /// <summary>Reads the keys; none if there is no file.</summary>
    /// <param name="path">The file; <see langword="null"/> for the default one.</param>
    /// <exception cref="CommandException">The file is broken.</exception>
    public static TrustPolicy Read(string? path = null) => ConfigurationFile.Read(path ?? ConfigurationFile.Default).Trust ?? TrustPolicy.None;
}
