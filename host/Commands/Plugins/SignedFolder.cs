using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Loading.Files;
using Actors.Loading.Signing;

namespace Actors.Host.Commands.Plugins;

/// <summary>A plugin's folder, for the commands that sign it or verify its signature.</summary>
internal static class SignedFolder
{
    /// <summary>Reads the folder.</summary>
    /// <exception cref="CommandException">There is no such folder, or it cannot be read.</exception>
    public static PluginImage Read(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            return PluginListing.Of(path) is { } listing ? PluginImage.Read(listing) : throw new CommandException(ExitCode.Failed, $"there is no folder '{folder}'");
        }
        catch (PluginException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, $"{folder}: {error.Message}");
        }
    }

    public static void Show(string folder, PluginSignature signature, bool json)
    {
        if (json)
        {
            Terminal.Json(PluginSignatureLine.Of(folder, signature), PluginJson.Default.PluginSignatureLine);
            return;
        }
        Terminal.Line($"{folder}: {signature.Text}");
        foreach (var problem in signature.Problems)
            Terminal.Line($"{folder}: {problem}");
    }
}
