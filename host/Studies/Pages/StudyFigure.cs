using System.Globalization;
using System.Text;
using Actors.Charts.Model;
using Actors.Charts.Svg;

namespace Actors.Host.Studies.Pages;

/// <summary>A chart in the page: the picture, what its colours mean, and the same values as a table.</summary>
internal static class StudyFigure
{
    private const int MostRows = 13;

    public static void Append(StringBuilder page, Chart chart, string id)
    {
        page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Markup.Text(chart.Title)}</figcaption>\n{SvgChart.Draw(chart, id)}\n<ul class=\"legend\">");
        for (var index = chart.Layers.Count - 1; index >= 0; index--)
            page.Append(CultureInfo.InvariantCulture, $"<li>{SvgStyle.AreaSwatch(chart.Layers[index].Look)} {index + 1} {Markup.Text(chart.Layers[index].Name)}</li>");
        foreach (var line in chart.Lines)
            page.Append(CultureInfo.InvariantCulture, $"<li>{SvgStyle.LineSwatch(line.Look)} {Markup.Text(line.Name)}</li>");
        foreach (var band in chart.Bands)
            page.Append(CultureInfo.InvariantCulture, $"<li>{SvgStyle.AreaSwatch(band.Look)} {Markup.Text(band.Name)}</li>");
        foreach (var limit in chart.Limits)
            page.Append(CultureInfo.InvariantCulture, $"<li>{SvgStyle.LimitSwatch} {Markup.Text(limit.Name)}</li>");
        page.Append("</ul>\n");
        Table(page, chart);
        page.Append("</figure>\n");
    }

    private static void Table(StringBuilder page, Chart chart)
    {
        var whole = chart.Interval * chart.Length;
        var label = Markup.Text($"Values of the chart: {chart.Title}");
        page.Append(CultureInfo.InvariantCulture, $"<details class=\"values\"><summary>Values, in {Markup.Text(chart.Unit)}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><caption class=\"hidden\">{label}</caption><thead><tr><th scope=\"col\">Time</th>");
        foreach (var (name, _) in chart.Series)
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Markup.Text(name)}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var index in Rows(chart.Length))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Amount.Time(chart.Interval * (index + 0.5), whole)}</th>");
            foreach (var (_, values) in chart.Series)
                page.Append(CultureInfo.InvariantCulture, $"<td>{(double.IsFinite(values[index]) ? Amount.Number(values[index]) : "–")}</td>");
            page.Append("</tr>");
        }
        page.Append("</tbody></table></div></details>\n");
    }

    private static IEnumerable<int> Rows(int length)
    {
        var rows = Math.Min(MostRows, length);
        return Enumerable.Range(0, rows).Select(row => rows == 1 ? 0 : (int)Math.Round((double)row * (length - 1) / (rows - 1)));
    }
}
