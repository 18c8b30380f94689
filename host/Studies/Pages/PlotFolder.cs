using System.Globalization;
using Actors.Charts.Files;

namespace Actors.Host.Studies.Pages;

/// <summary>Writes the charts of a study as files.</summary>
internal static class PlotFolder
{
    private const int LongestPart = 40;

    /// <summary>Writes each chart as PNG and as SVG, and returns how many charts there are.</summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <param name="variants">The charts.</param>
    public static int Write(string folder, IReadOnlyList<VariantCharts> variants)
    {
        Directory.CreateDirectory(folder);
        var written = 0;
        foreach (var (index, variant) in variants.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{index + 1}-{Part(variant.Variant)}");
            foreach (var chart in variant.Host)
                Write(chart, $"{name}-host-{Part(chart.Title)}");
            foreach (var (number, (domain, chart)) in variant.Domains.Index())
                Write(chart, string.Create(CultureInfo.InvariantCulture, $"{name}-domain-{number + 1}-{Part(domain)}"));

            void Write(Charts.Model.Chart chart, string file)
            {
                ChartFile.Write(chart with { Title = $"{variant.Variant}: {chart.Title}" }, Path.Combine(folder, file));
                written++;
            }
        }
        return written;
    }

    // Names can contain anything, and file names cannot. The numbers keep names apart that look the same here.
    private static string Part(string name) => string.Concat(name.Take(LongestPart).Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'));
}
