using System.CommandLine;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin reload</c>: loads what lies in the folder now, changed or not.</summary>
internal static class PluginReloadCommand
{
    public static Command Make()
    {
        var name = new Argument<string?>("NAME") { Description = "A plugin; all of them when left out", Arity = ArgumentArity.ZeroOrOne };
        var store = new StoreOptions();
        var command = new Command("reload", "Load a plugin again from its folder, changed or not; takes one back that is out of service") { name };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            string[] which = arguments.GetValue(name) is { } one ? [one] : [];
            var plugins = PluginTable.Show(await ControlClient.AskAsync(connection, PluginVerbs.Reload, which, cancellation), store.Json(arguments));
            var refused = plugins.Count(plugin => plugin.Problems.Count > 0);
            return refused == 0 ? ExitCode.Ok : refused < plugins.Count ? ExitCode.Partly : ExitCode.InvalidConfiguration;
        }));
        return command;
    }
}
