using System.CommandLine;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Cli.Presentation;
using Actors.Host.Daemon;
using Actors.Loading;

namespace Actors.Host.Commands.Plugins;

/// <summary>The options of the commands that answer with plugins, and how they show them: as a table or as JSON.</summary>
internal sealed class PluginView
{
    private readonly TableOptions _tables = new();

    public StoreOptions Store { get; } = new();

    public void AddTo(Command command)
    {
        _tables.AddTo(command);
        Store.AddTo(command);
    }

    public IReadOnlyList<PluginStatus> Show(JsonElement answer, ParseResult arguments)
    {
        var plugins = answer.Deserialize(PluginJson.Default.IReadOnlyListPluginStatus)!;
        if (Store.Json(arguments))
            Terminal.Json(plugins, PluginJson.Default.IReadOnlyListPluginStatus);
        else
            _tables.Print(PluginTable.Of(plugins), arguments);
        return plugins;
    }
}
