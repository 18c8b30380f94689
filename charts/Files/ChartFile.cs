using Actors.Charts.Model;
using Actors.Sdk.Text;
using ScottPlot;
using Line = Actors.Charts.Model.Line;

namespace Actors.Charts.Files;

/// <summary>
/// A chart as files, PNG and SVG, for documents and slides. This is the only class that uses ScottPlot and its native libraries, which
/// .NET loads when it is used for the first time.
/// </summary>
internal static class ChartFile
{
    private const int Width = 1200;
    private const int Height = 675;
    private const int Marks = 14;
    private const int LongestName = 60;

    // Debian's standard font; ScottPlot takes another one where it is missing.
    private const string Font = "DejaVu Sans";

    private static readonly string[] Areas = ["#9aa1ab", "#7fb2e5", "#f2b36f", "#86c99a", "#e8a0bf", "#c9b6ea", "#d9cf6d"];
    private static readonly string[] Inks = ["#4a505a", "#0b5cad", "#a85400", "#1d7a3c", "#a82567", "#6a3fb0", "#756a00"];

    private static readonly MarkerShape[] Shapes = [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>Writes a chart as PNG and as SVG.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="path">The path without an extension.</param>
    public static void Write(Chart chart, string path)
    {
        using var plot = new Plot();
        plot.Font.Set(Font);
        plot.Title(Printable.Of(chart.Title, LongestName));
        var unit = Amount.TimeUnit(chart.Interval * chart.Length);
        plot.XLabel($"time ({unit.Name})");
        var (scale, name) = chart.Unit == Amount.Mib && chart.Highest >= 2 * Amount.MibPerGib ? (Amount.MibPerGib, "GiB") : (1, chart.Unit);
        plot.YLabel(name);
        var times = Enumerable.Range(0, chart.Length).Select(index => chart.Interval * (index + 0.5) / unit.Length).ToArray();
        Layers(plot, chart, times, scale);
        foreach (var band in chart.Bands)
            Area(plot, times, Scaled(band.Least, scale), Scaled(band.Most, scale), band.Name, band.Look);
        foreach (var line in chart.Lines)
            Line(plot, times, line.Values, scale, line);
        foreach (var limit in chart.Limits)
        {
            var drawn = plot.Add.HorizontalLine(limit.Value / scale, 2, Colors.Black);
            drawn.LegendText = Printable.Of(limit.Name, LongestName);
        }
        plot.Axes.SetLimits(0, chart.Interval * chart.Length / unit.Length, 0, Math.Max(chart.Highest * 1.05, 1e-3) / scale);
        plot.ShowLegend(Edge.Right);
        plot.SavePng($"{path}.png", Width, Height);
        plot.SaveSvg($"{path}.svg", Width, Height);
    }

    private static void Layers(Plot plot, Chart chart, double[] times, double scale)
    {
        var below = new double[chart.Length];
        foreach (var layer in chart.Layers)
        {
            var above = below.Zip(Scaled(layer.Values, scale), (lower, own) => lower + own).ToArray();
            Area(plot, times, below, above, layer.Name, layer.Look);
            below = above;
        }
    }

    private static void Area(Plot plot, double[] times, double[] lower, double[] upper, string name, int look)
    {
        var area = plot.Add.FillY(times, lower, upper);
        area.FillColor = Color.FromHex(Areas[look % Areas.Length]);
        (area.LineColor, area.LineWidth) = (Colors.White, 1);
        area.LegendText = Printable.Of(name, LongestName);
    }

    // Marks, not dashes: Skia reports every dashed path of an SVG on standard error.
    private static void Line(Plot plot, double[] times, IReadOnlyList<double> values, double scale, Line line)
    {
        var colour = Color.FromHex(Inks[line.Look % Inks.Length]);
        foreach (var (from, to) in Runs(values))
        {
            var part = plot.Add.ScatterLine(times[from..to], values.Skip(from).Take(to - from).Select(value => value / scale).ToArray(), colour);
            part.LineWidth = 2;
        }
        var every = Math.Max(1, values.Count / Marks);
        var marked = Enumerable.Range(0, values.Count).Where(index => index % every == every / 2 && double.IsFinite(values[index])).ToList();
        var marks = plot.Add.ScatterPoints(marked.Select(index => times[index]).ToArray(), marked.Select(index => values[index] / scale).ToArray(), colour);
        (marks.MarkerShape, marks.MarkerSize, marks.LegendText) = (Shapes[line.Look % Shapes.Length], 9, Printable.Of(line.Name, LongestName));
    }

    // The runs of values without a gap.
    private static IEnumerable<(int From, int To)> Runs(IReadOnlyList<double> values)
    {
        for (var index = 0; index < values.Count; index++)
        {
            if (!double.IsFinite(values[index]))
                continue;
            var from = index;
            while (index < values.Count && double.IsFinite(values[index]))
                index++;
            yield return (from, index);
        }
    }

    private static double[] Scaled(IReadOnlyList<double> values, double scale) => [.. values.Select(value => double.IsFinite(value) ? value / scale : 0)];
}
