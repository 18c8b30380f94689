using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin reload</c>: loads plugins again from their folders, changed or not.</summary>
internal static class PluginReloadCommand
{
    public static Command Make()
    {
        var name = new Argument<string?>("NAME") { Description = "The name of a plugin. Default: all plugins", Arity = ArgumentArity.ZeroOrOne };
        var view = new PluginView();
        var command = new Command("reload", "Load a plugin again from its folder, changed or not, and put it back into service") { name };
        view.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await view.Store.ConnectAsync(arguments, cancellation);
            string[] which = arguments.GetValue(name) is { } one ? [one] : [];
            var plugins = view.Show(await ControlClient.RequestAsync(connection, PluginVerbs.Reload, which, cancellation), arguments);
            var rejected = plugins.Count(plugin => plugin.Problems.Count > 0);
            return rejected == 0 ? ExitCode.Ok : rejected < plugins.Count ? ExitCode.Partial : ExitCode.InvalidConfiguration;
        }));
        return command;
    }
}
