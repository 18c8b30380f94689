using System.CommandLine;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin rollback</c>: puts the version before the present one in service again.</summary>
internal static class PluginRollbackCommand
{
    public static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "A plugin" };
        var store = new StoreOptions();
        var command = new Command("rollback", "Put the version before the present one in service again, until the plugin's folder changes") { name };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            PluginTable.Show(await ControlClient.AskAsync(connection, PluginVerbs.RollBack, [arguments.GetValue(name)!], cancellation), store.Json(arguments));
            return ExitCode.Ok;
        }));
        return command;
    }
}
