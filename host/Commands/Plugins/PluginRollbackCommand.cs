using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin rollback</c>: puts the previous version of a plugin back into service.</summary>
internal static class PluginRollbackCommand
{
    public static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "The name of a plugin" };
        var store = new StoreOptions();
        var command = new Command("rollback", "Put the previous version of a plugin back into service, until its folder changes") { name };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            PluginTable.Show(await ControlClient.RequestAsync(connection, PluginVerbs.RollBack, [arguments.GetValue(name)!], cancellation), store.Json(arguments));
            return ExitCode.Ok;
        }));
        return command;
    }
}
