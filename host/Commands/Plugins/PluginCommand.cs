using System.CommandLine;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin</c>: what is loaded, and what could be.</summary>
internal static class PluginCommand
{
    public static Command Make() => new("plugin", "Look at plugins, check and try them, and change what the daemon has loaded")
    {
        PluginListCommand.Make(),
        PluginInspectCommand.Make(),
        PluginValidateCommand.Make(),
        PluginTestCommand.Make(),
        PluginReloadCommand.Make(),
        PluginRollbackCommand.Make(),
    };
}
