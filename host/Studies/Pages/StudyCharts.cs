using Actors.Charts.Model;
using Actors.Sdk.Text;
using Actors.Sim.Studies;

namespace Actors.Host.Studies.Pages;

/// <summary>Makes charts of the runs of a study.</summary>
internal static class StudyCharts
{
    private const int MostDomainCharts = 12;
    private const int SlowestDomains = 3;

    // Each has a dash of its own.
    private static readonly int[] Looks = [8, 9, 10, 11];

    /// <summary>The charts of each variant with a run that has finished.</summary>
    public static IReadOnlyList<VariantCharts> Of(Study study, IReadOnlyList<StudyResult> results)
    {
        var recorded = results.Where(result => result.Series is { Length: > 0 }).ToList();
        var worst = recorded.Select(result => result.Series!.Of(StudyResult.Host, SeriesKind.SlowDown)).OfType<double[]>().SelectMany(Finite).DefaultIfEmpty(0).Max();
        return
        [
            .. study.Variants.Select(variant => (variant, Runs: recorded.Where(result => result.Case.Variant.Name == variant.Name).ToList()))
                .Where(runs => runs.Runs.Count > 0).Select(runs => Of(runs.variant, runs.Runs, worst)),
        ];
    }

    private static VariantCharts Of(StudyVariant variant, List<StudyResult> runs, double worst)
    {
        var shown = runs.OrderBy(run => run.Values.GetValueOrDefault((StudyResult.Host, Measure.SlowDown))).ElementAt((runs.Count - 1) / 2);
        var (series, names) = (shown.Series!, variant.World.DomainNames);
        var host = new List<Chart> { HostMemory.Chart(series, variant.World) };
        if (Parts(series, names) is { } parts)
            host.Add(parts);
        host.Add(SlowDown(series, names, runs, worst));
        var domains = names.Where(name => series.Of(name, SeriesKind.Footprint) is not null).ToList();
        var charted = domains.OrderByDescending(name => Change(series, name)).Take(MostDomainCharts).ToHashSet();
        return new VariantCharts(
            variant.Name, variant.Policy, shown.Case.Seed, host, [.. domains.Where(charted.Contains).Select(name => (name, Domain(series, name)))], domains.Count - charted.Count);
    }

    // What was done to the domain's memory; a domain to which nothing was done needs no chart.
    private static double Change(RunSeries series, string name)
    {
        double Range(SeriesKind kind) => Finite(series.Of(name, kind) ?? []).ToList() is { Count: > 0 } values ? values.Max() - values.Min() : 0;
        return Range(SeriesKind.Footprint) + Range(SeriesKind.Target) + Range(SeriesKind.PagedOut);
    }

    private static Chart Domain(RunSeries series, string name) => Chart($"{name}: footprint and target", Amount.Mib, series) with
    {
        Lines = Lines(
            ("footprint", series.Of(name, SeriesKind.Footprint)),
            ("target", series.Of(name, SeriesKind.Target)),
            ("paged out", NotZero(series.Of(name, SeriesKind.PagedOut))),
            ("on 4 KiB pages", series.Of(name, SeriesKind.Shattered))),
    };

    // Everything that is not in the domains' own, whole memory.
    private static Chart? Parts(RunSeries series, IReadOnlyList<string> names)
    {
        var lines = Lines(
            ("paged out", NotZero(HostMemory.Sum(series, names, SeriesKind.PagedOut))), ("on 4 KiB pages", HostMemory.Sum(series, names, SeriesKind.Shattered)));
        return lines.Count == 0 ? null : Chart("Paged out and shattered memory of all domains", Amount.Mib, series) with { Lines = lines };
    }

    private static Chart SlowDown(RunSeries series, IReadOnlyList<string> names, List<StudyResult> runs, double worst)
    {
        var seeds = runs.Select(run => run.Series!).Where(run => run.Length == series.Length).Select(run => run.Of(StudyResult.Host, SeriesKind.SlowDown)).OfType<double[]>().ToList();
        var slowest = names.Select(name => (Name: name, Values: series.Of(name, SeriesKind.SlowDown))).Where(domain => domain.Values is not null)
            .OrderByDescending(domain => Finite(domain.Values!).Sum()).Take(SlowestDomains).ToList();
        double[]? OverSeeds(Func<List<double>, double> choose) => seeds.Count == 0 ? null
            : [.. Enumerable.Range(0, series.Length).Select(index => Finite(seeds.Select(run => run[index])).ToList() is { Count: > 0 } values ? choose(values) : double.NaN)];
        var lines = Lines([("all domains", OverSeeds(values => StudyRow.MedianOf(values))), .. slowest.Select(domain => (domain.Name, domain.Values))]);
        return Chart("Slow-down", "%", series) with
        {
            Top = worst,
            Lines = lines,
            Bands = seeds.Count > 1 ? [new Band($"all domains, {Count.Of(seeds.Count, "seed")}", OverSeeds(values => values.Min())!, OverSeeds(values => values.Max())!, Looks[0])] : [],
        };
    }

    private static Chart Chart(string title, string unit, RunSeries series) => new() { Title = title, Unit = unit, Interval = series.Interval, Length = series.Length };

    private static IReadOnlyList<Line> Lines(params IReadOnlyList<(string Name, double[]? Values)> lines) =>
        [.. lines.Index().Where(line => line.Item.Values is not null).Select(line => new Line(line.Item.Name, line.Item.Values!, Looks[line.Index]))];

    private static double[]? NotZero(double[]? values) => values is not null && Finite(values).Any(value => value > 0) ? values : null;

    private static IEnumerable<double> Finite(IEnumerable<double> values) => values.Where(double.IsFinite);
}
