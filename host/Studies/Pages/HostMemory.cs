using Actors.Charts.Model;
using Actors.Sdk.Text;
using Actors.Sim.Scenarios;
using Actors.Sim.Studies;

namespace Actors.Host.Studies.Pages;

/// <summary>The chart of the host's memory: the footprints of all domains, stacked.</summary>
internal static class HostMemory
{
    /// <summary>A chart with more layers cannot be read.</summary>
    private const int MostLayers = 12;

    private const int Dom0Look = 0;
    private const int OthersLook = 14;
    private const int SharedLook = 21;
    private const int TargetsLook = 7;
    private const double KibPerMib = 1024;

    /// <summary>Draws the footprints against the memory of the host.</summary>
    public static Chart Chart(RunSeries series, Scenario world)
    {
        var memory = world.Host.Memory.Value / KibPerMib;
        var names = world.DomainNames;
        var largest = names.OrderByDescending(name => Total(series.Of(name, SeriesKind.Footprint))).Take(names.Count > MostLayers ? MostLayers - 1 : MostLayers).ToHashSet();
        var others = names.Where(name => !largest.Contains(name)).ToList();
        var layers = new List<Layer> { new("dom0", Of(series, RunSeries.Dom0), Dom0Look) };
        foreach (var name in names.Where(name => largest.Contains(name) && series.Of(name, SeriesKind.Footprint) is not null))
            layers.Add(new Layer(name, Of(series, name), layers.Count));
        if (Sum(series, others, SeriesKind.Footprint) is { } rest)
            layers.Add(new Layer($"{Count.Of(others.Count, "other domain")}", rest, OthersLook));
        if (Shared(series, names) is { } shared)
            layers.Add(new Layer("shared pages", shared, SharedLook));
        return new Chart
        {
            Title = "Footprints and the memory of the host",
            Unit = Amount.Mib,
            Interval = series.Interval,
            Length = series.Length,
            Top = memory,
            Layers = layers,
            Lines = [new Line("all targets, with dom0", Targets(series, names), TargetsLook)],
            Limits = [new Limit("host", memory)],
        };
    }

    /// <summary>The sum over domains; <see langword="null"/> if none of them has such a series.</summary>
    public static double[]? Sum(RunSeries series, IReadOnlyList<string> names, SeriesKind kind)
    {
        var all = names.Select(name => series.Of(name, kind)).OfType<double[]>().ToList();
        return all.Count == 0 ? null : [.. Enumerable.Range(0, series.Length).Select(index => all.Sum(values => Or(values[index], 0)))];
    }

    // A page that several domains share is in no domain's footprint.
    private static double[]? Shared(RunSeries series, IReadOnlyList<string> names)
    {
        var (used, held, dom0) = (Of(series, StudyResult.Host), Sum(series, names, SeriesKind.Footprint) ?? new double[series.Length], Of(series, RunSeries.Dom0));
        double[] shared = [.. Enumerable.Range(0, series.Length).Select(index => Math.Max(0, used[index] - held[index] - dom0[index]))];
        return shared.Max() >= 1 ? shared : null;
    }

    // A domain without a target is counted as it is.
    private static double[] Targets(RunSeries series, IReadOnlyList<string> names)
    {
        var sum = Of(series, RunSeries.Dom0).ToArray();
        foreach (var name in names)
            for (var index = 0; index < sum.Length; index++)
                sum[index] += Or(series.Of(name, SeriesKind.Target)?[index] ?? double.NaN, Or(series.Of(name, SeriesKind.Footprint)?[index] ?? double.NaN, 0));
        return sum;
    }

    private static double[] Of(RunSeries series, string domain) => series.Of(domain, SeriesKind.Footprint) ?? new double[series.Length];

    private static double Total(double[]? values) => values?.Sum(value => Or(value, 0)) ?? 0;

    private static double Or(double value, double otherwise) => double.IsFinite(value) ? value : otherwise;
}
