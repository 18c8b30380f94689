using System.Globalization;
using Actors.Cli.Presentation;
using Actors.Loading;
using Actors.Loading.Compatibility;

namespace Actors.Host.Commands.Plugins;

/// <summary>The table of plugins.</summary>
internal static class PluginTable
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("PLUGIN") { Narrowest = 16, Widest = 32 },
        new("STATE"),
        new("VERSION") { Narrowest = 8, Widest = 24 },
        new("ACTORS") { Narrowest = 12, Widest = 48 },
        new("SIGNATURE") { Drop = 2 },
        new("RUNS") { AlignRight = true, Drop = 1 },
        new("DRAINING") { AlignRight = true, Drop = 5 },
        new("LEAKED") { AlignRight = true, Drop = 6 },
        new("ROLLBACK TO") { Drop = 4 },
    ];

    public static Table Of(IReadOnlyList<PluginStatus> plugins) => new(Columns, "PROBLEM", [.. plugins.Select(Row)]);

    private static TableRow Row(PluginStatus plugin) => new(
        [
            Cell.Of(plugin.Id),
            Cell.Of(plugin.State, plugin.State == "serving" ? Tone.Plain : Tone.Trouble),
            Cell.Of(plugin.Version ?? "-"),
            Cell.Of(string.Join(", ", plugin.Actors)),
            Cell.Of(plugin.Signature),
            Number(plugin.Calls),
            Number(plugin.Draining),
            Number(plugin.Leaked),
            Cell.Of(plugin.Rollback ?? "-"),
        ],
        plugin.Problems.Count == 0 ? "" : (plugin.Verdict == Verdict.WordOf(Fit.Fits) ? "" : $"{plugin.Verdict}: ") + string.Join("; ", plugin.Problems) + (plugin.LastGood ? "; the last good version serves" : ""));

    private static Cell Number(int number) => Cell.Of(number.ToString(CultureInfo.InvariantCulture));
}
