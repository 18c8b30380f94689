using System.Globalization;
using System.Text;
using Actors.Charts.Svg;
using Actors.Sdk.Text;

namespace Actors.Host.Studies.Pages;

/// <summary>A study as one page of HTML that needs nothing else: no network, no script.</summary>
internal static class StudyPage
{
    /// <summary>Writes the page as text.</summary>
    /// <param name="report">The result of the study.</param>
    /// <param name="variants">The charts of its variants.</param>
    public static string Write(StudyReport report, IReadOnlyList<VariantCharts> variants)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        // Whatever a name may contain, the page loads nothing and runs nothing.
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Markup.Text(report.Study)}</title>\n<style>\n{StudyPageStyle.Css}{SvgStyle.Css}</style>\n</head>\n<body>\n{SvgStyle.Definitions}<main>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Markup.Text(report.Study)}</h1>\n");
        if (report.Source.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"source\">Source: {Markup.Text(report.Source)}</p>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Summary(report, variants)}</p>\n");
        Contents(page, variants);
        StudyPageTables.Verdicts(page, report);
        for (var index = 0; index < variants.Count; index++)
            Variant(page, variants[index], index);
        StudyPageTables.Measures(page, report);
        StudyPageTables.Failures(page, report);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Summary(StudyReport report, IReadOnlyList<VariantCharts> variants)
    {
        var length = DurationText.Format(TimeSpan.FromSeconds(report.SecondsPerRun));
        var interrupted = report.RunsFinished < report.Runs ? $"<strong>The study was interrupted: {report.RunsFinished} of {report.Runs} runs had finished.</strong> " : "";
        return $"{interrupted}{Count.Of(variants.Count, "variant")}, {Count.Of(report.RunsFinished, "run")} of {length} each, in simulated time.";
    }

    private static void Contents(StringBuilder page, IReadOnlyList<VariantCharts> variants)
    {
        if (variants.Count < 2)
            return;
        page.Append("<nav aria-label=\"Variants\"><ul>");
        for (var index = 0; index < variants.Count; index++)
            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#v{index}\">{Markup.Text(variants[index].Variant)}</a></li>");
        page.Append("</ul></nav>\n");
    }

    private static void Variant(StringBuilder page, VariantCharts variant, int number)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"variant\" aria-labelledby=\"v{number}\">\n<h2 id=\"v{number}\">{Markup.Text(variant.Variant)}</h2>\n<p>");
        if (variant.Policy is not null)
            page.Append(CultureInfo.InvariantCulture, $"Policy {Markup.Text(variant.Policy)}. ");
        page.Append(CultureInfo.InvariantCulture, $"The charts show the run with seed {variant.Seed}, which has the median slow-down.</p>\n<div class=\"charts\">\n");
        for (var index = 0; index < variant.Host.Count; index++)
            StudyFigure.Append(page, variant.Host[index], $"v{number}h{index}");
        page.Append("</div>\n");
        if (variant.Domains.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<details open=\"open\"><summary>Domains of {Markup.Text(variant.Variant)}</summary>\n<div class=\"charts\">\n");
            for (var index = 0; index < variant.Domains.Count; index++)
                StudyFigure.Append(page, variant.Domains[index].Chart, $"v{number}d{index}");
            page.Append("</div>\n");
            if (variant.DomainsLeftOut > 0)
                page.Append(CultureInfo.InvariantCulture, $"<p>{Count.Of(variant.DomainsLeftOut, "more domain")}, whose memory changed less, have no chart.</p>\n");
            page.Append("</details>\n");
        }
        page.Append("</section>\n");
    }
}
