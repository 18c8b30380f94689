using System.Globalization;
using System.Text;
using Actors.Charts.Model;

namespace Actors.Charts.Svg;

/// <summary>
/// A chart as SVG for a page. Colours come from the style of the page (<see cref="SvgStyle"/>), so that it can be light and dark; patterns,
/// dashes and numbers say the same as the colours.
/// </summary>
internal static class SvgChart
{
    private const int TicksUp = 5;
    private const int TicksAcross = 5;

    /// <summary>A layer that is thinner has no number in it.</summary>
    private const double RoomForNumber = 13;

    /// <summary>Draws a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="id">An identifier that no other chart of the page has.</param>
    public static string Draw(Chart chart, string id)
    {
        var (plane, svg) = (new SvgPlane(chart), new StringBuilder());
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {SvgPlane.Width} {SvgPlane.Height}\" role=\"img\" aria-labelledby=\"{id}t {id}d\">");
        svg.Append(CultureInfo.InvariantCulture, $"<title id=\"{id}t\">{Markup.Text(chart.Title)}</title><desc id=\"{id}d\">{Markup.Text(chart.Description)}</desc>");
        Axes(svg, chart, plane);
        Layers(svg, chart, plane);
        foreach (var band in chart.Bands)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"band c{SvgStyle.Colour(band.Look)}\" d=\"{plane.Area(Zeroes(band.Least), Zeroes(band.Most))}\"/>");
        foreach (var line in chart.Lines)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line {SvgStyle.Line(line.Look)}\" d=\"{plane.Path(line.Values)}\"/>");
        foreach (var limit in chart.Limits)
            Limit(svg, plane, limit, Scale(chart, plane));
        return svg.Append("</svg>").ToString();
    }

    // Thousands of MiB are GiB.
    private static (double Divisor, string Unit) Scale(Chart chart, SvgPlane plane) =>
        chart.Unit == Amount.Mib && plane.Most >= 2 * Amount.MibPerGib ? (Amount.MibPerGib, "GiB") : (1, chart.Unit);

    private static void Axes(StringBuilder svg, Chart chart, SvgPlane plane)
    {
        var (divisor, unit) = Scale(chart, plane);
        svg.Append("<g class=\"axes\" aria-hidden=\"true\">");
        foreach (var tick in Ticks.To(plane.Most / divisor, TicksUp))
        {
            var y = SvgPlane.Number(plane.Y(tick * divisor));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{SvgPlane.Left} {y}H{SvgPlane.Right}\"/><text x=\"{SvgPlane.Left - 5}\" y=\"{y}\" dy=\".32em\" text-anchor=\"end\">{Amount.Number(tick)}</text>");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"2\" y=\"9\">{Markup.Text(unit)}</text>");
        var ticks = Ticks.Times(plane.Whole, TicksAcross);
        foreach (var tick in ticks)
        {
            var (time, x) = (TimeSpan.FromSeconds(tick), plane.X(TimeSpan.FromSeconds(tick)));
            var anchor = x > SvgPlane.Right - 12 ? "end" : tick == 0 ? "start" : "middle";
            var text = tick == ticks[^1] || tick == 0 ? Amount.Time(time, plane.Whole) : Amount.Number(time / Amount.TimeUnit(plane.Whole).Length);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{SvgPlane.Number(x)}\" y=\"{SvgPlane.Bottom + 16}\" text-anchor=\"{anchor}\">{text}</text>");
        }
        svg.Append("</g>");
    }

    private static void Layers(StringBuilder svg, Chart chart, SvgPlane plane)
    {
        var below = new double[chart.Length];
        for (var index = 0; index < chart.Layers.Count; index++)
        {
            var layer = chart.Layers[index];
            var values = Zeroes(layer.Values);
            var above = below.Zip(values, (lower, own) => lower + own).ToArray();
            var area = plane.Area(below, above);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"area c{SvgStyle.Colour(layer.Look)}\" d=\"{area}\"/>");
            if (SvgStyle.Pattern(layer.Look) is { } pattern)
                svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"url(#{pattern})\" d=\"{area}\"/>");
            if (NumberAt(values, plane) is { } at)
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"number\" aria-hidden=\"true\" x=\"{SvgPlane.Number(Math.Clamp(plane.XOf(at), SvgPlane.Left + 8, SvgPlane.Right - 8))}\" y=\"{SvgPlane.Number((plane.Y(below[at]) + plane.Y(above[at])) / 2)}\" dy=\".35em\" text-anchor=\"middle\">{index + 1}</text>");
            below = above;
        }
    }

    // The middle of the layer if there is room for its number, otherwise where the layer is thickest.
    private static int? NumberAt(double[] values, SvgPlane plane)
    {
        foreach (var at in new[] { values.Length / 2, Array.IndexOf(values, values.Max()) })
            if (plane.Y(0) - plane.Y(values[at]) >= RoomForNumber)
                return at;
        return null;
    }

    private static void Limit(StringBuilder svg, SvgPlane plane, Limit limit, (double Divisor, string Unit) scale)
    {
        var y = plane.Y(limit.Value);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"limit\" d=\"M{SvgPlane.Left} {SvgPlane.Number(y)}H{SvgPlane.Right}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"limitname\" aria-hidden=\"true\" x=\"{SvgPlane.Right}\" y=\"{SvgPlane.Number(Math.Max(10, y - 4))}\" text-anchor=\"end\">{Markup.Text(limit.Name)}: {Amount.Text(limit.Value / scale.Divisor, scale.Unit)}</text>");
    }

    private static double[] Zeroes(IReadOnlyList<double> values) => [.. values.Select(value => double.IsFinite(value) ? value : 0)];
}
