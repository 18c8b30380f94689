using System.CommandLine;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin</c>: the commands for plugins.</summary>
internal static class PluginCommand
{
    public static Command Make() => new("plugin", "Show, check, test and sign plugins, and reload them in the daemon")
    {
        PluginListCommand.Make(),
        PluginInspectCommand.Make(),
        PluginValidateCommand.Make(),
        PluginTestCommand.Make(),
        PluginSignCommand.Make(),
        PluginVerifyCommand.Make(),
        PluginReloadCommand.Make(),
        PluginRollbackCommand.Make(),
    };
}
