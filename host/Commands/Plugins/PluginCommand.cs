using System.CommandLine;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin</c>: what is about plugins.</summary>
internal static class PluginCommand
{
    public static Command Make() => new("plugin", "Look at plugins")
    {
        PluginTestCommand.Make(),
    };
}
