using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin list</c>: shows the daemon's plugins and their states.</summary>
internal static class PluginListCommand
{
    public static Command Make()
    {
        var view = new PluginView();
        var command = new Command("list", "Show the daemon's plugins with state, version, actors and problems");
        view.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await view.Store.ConnectAsync(arguments, cancellation);
            view.Show(await ControlClient.RequestAsync(connection, PluginVerbs.List, [], cancellation), arguments);
            return ExitCode.Ok;
        }));
        return command;
    }
}
