using System.CommandLine;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin list</c>: how the daemon's plugins stand.</summary>
internal static class PluginListCommand
{
    public static Command Make()
    {
        var store = new StoreOptions();
        var command = new Command("list", "Show the daemon's plugins: state, version, actors, and what is wrong");
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            PluginTable.Show(await ControlClient.AskAsync(connection, PluginVerbs.List, [], cancellation), store.Json(arguments));
            return ExitCode.Ok;
        }));
        return command;
    }
}
