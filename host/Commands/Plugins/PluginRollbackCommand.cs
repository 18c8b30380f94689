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
        var view = new PluginView();
        var command = new Command("rollback", "Put the previous version of a plugin back into service, until its folder changes") { name };
        view.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await view.Store.ConnectAsync(arguments, cancellation);
            view.Show(await ControlClient.RequestAsync(connection, PluginVerbs.RollBack, [arguments.GetValue(name)!], cancellation), arguments);
            return ExitCode.Ok;
        }));
        return command;
    }
}
