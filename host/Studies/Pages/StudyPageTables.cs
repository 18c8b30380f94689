using System.Globalization;
using System.Text;
using Actors.Charts.Svg;
using Actors.Sim.Studies;

namespace Actors.Host.Studies.Pages;

/// <summary>The tables of the page.</summary>
internal static class StudyPageTables
{
    public static void Verdicts(StringBuilder page, StudyReport report)
    {
        if (report.Expectations.Count == 0)
            return;
        var holding = report.Expectations.Count(expectation => expectation.Holds);
        page.Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"verdicts\">\n<h2 id=\"verdicts\">What must hold: {holding} of {report.Expectations.Count} hold</h2>\n");
        Begin(page, "What must hold", "Holds", "Expected", "Measured");
        foreach (var row in report.Expectations)
        {
            var verdict = row.Holds ? "<td class=\"good\">✓ yes</td>" : "<td class=\"bad\">✗ no</td>";
            page.Append(CultureInfo.InvariantCulture, $"<tr>{verdict}<th scope=\"row\">{Markup.Text(row.Expected)}</th><td>{Markup.Text(row.Measured)}</td></tr>\n");
        }
        page.Append("</tbody></table></div>\n</section>\n");
    }

    public static void Measures(StringBuilder page, StudyReport report)
    {
        page.Append("<section aria-labelledby=\"measures\">\n<h2 id=\"measures\">Measures over the seeds</h2>\n");
        Begin(page, "Medians and spread over the seeds, by variant", "Domain", "Measure", "Unit", "Median", "Least", "Most");
        foreach (var variant in report.Measures.GroupBy(row => row.Variant))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr class=\"group\"><th scope=\"colgroup\" colspan=\"6\">{Markup.Text(variant.Key)}</th></tr>\n");
            foreach (var row in variant)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{(row.Domain is null ? "<i>host</i>" : Markup.Text(row.Domain))}</th><td>{Markup.Text(row.Measure)}</td><td>{Markup.Text(row.Unit)}</td>");
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\"><b>{StudyExpectation.Number(row.Median)}</b></td><td class=\"n\">{StudyExpectation.Number(row.Least)}</td><td class=\"n\">{StudyExpectation.Number(row.Most)}</td></tr>\n");
            }
        }
        page.Append("</tbody></table></div>\n</section>\n");
    }

    public static void Failures(StringBuilder page, StudyReport report)
    {
        if (report.Failures.Count == 0)
            return;
        page.Append("<section aria-labelledby=\"failures\">\n<h2 id=\"failures\">Runs that could not be played</h2>\n");
        Begin(page, "Runs that could not be played", "Variant", "Seed", "Why");
        foreach (var row in report.Failures)
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Markup.Text(row.Variant)}</th><td>{row.Seed}</td><td>{Markup.Text(row.Why)}</td></tr>\n");
        page.Append("</tbody></table></div>\n</section>\n");
    }

    private static void Begin(StringBuilder page, string caption, params ReadOnlySpan<string> titles)
    {
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table><caption class=\"hidden\">{caption}</caption><thead><tr>");
        foreach (var title in titles)
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{title}</th>");
        page.Append("</tr></thead><tbody>\n");
    }
}
