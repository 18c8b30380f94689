using System.Globalization;
using System.Text.Json;
using Actors.Cli.CommandLine;
using Actors.Host.Daemon;
using Actors.Loading;
using Actors.Loading.Compatibility;

namespace Actors.Host.Commands.Plugins;

/// <summary>Shows the states of plugins, as a table or as JSON.</summary>
internal static class PluginTable
{
    public static IReadOnlyList<PluginStatus> Show(JsonElement answer, bool json)
    {
        var plugins = answer.Deserialize(PluginJson.Default.IReadOnlyListPluginStatus)!;
        if (json)
            Terminal.Json(plugins, PluginJson.Default.IReadOnlyListPluginStatus);
        else
            Terminal.Table(["plugin", "state", "version", "signature", "actors", "runs", "draining", "leaked", "rollback to", "problem"], plugins.Select(Row));
        return plugins;
    }

    private static string[] Row(PluginStatus plugin) =>
    [
        plugin.Id,
        plugin.State,
        plugin.Version ?? "-",
        plugin.Signature.Length == 0 ? "-" : plugin.Signature,
        string.Join(", ", plugin.Actors),
        Number(plugin.Calls),
        Number(plugin.Draining),
        Number(plugin.Leaked),
        plugin.Rollback ?? "-",
        plugin.Problems.Count == 0 ? "" : (plugin.Verdict == Verdict.WordOf(Fit.Fits) ? "" : $"{plugin.Verdict}: ") + string.Join("; ", plugin.Problems) + (plugin.LastGood ? "; the last good version serves" : ""),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
