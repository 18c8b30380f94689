using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;

namespace Actors.Host.Commands;

/// <summary>The options that name the folders of policies and plugins.</summary>
internal static class FolderOptions
{
    private static readonly HostOptions Standard = new();

    public static Option<string> Policies(string description = "The folder of policies") => Folder("--policies", description, Standard.PolicyFolder);

    public static Option<string> Plugins(string description = "The folder of plugins") => Folder("--plugins", description, Standard.PluginFolder);

    private static Option<string> Folder(string name, string description, string byDefault) =>
        new Option<string>(name) { Description = description, HelpName = "DIR", DefaultValueFactory = _ => byDefault }.AsPath();
}
