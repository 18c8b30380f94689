namespace Actors.Charts.Model;

/// <summary>A chart over time: what it shows, not how it is drawn. All series have a value for each interval; NaN is no value.</summary>
internal sealed record Chart
{
    public required string Title { get; init; }

    /// <summary>The unit of all values.</summary>
    public required string Unit { get; init; }

    /// <summary>The length of an interval.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The number of intervals.</summary>
    public required int Length { get; init; }

    /// <summary>The value at the top of the chart; the greatest value when not given.</summary>
    public double? Top { get; init; }

    /// <summary>Areas that are stacked, the lowest first.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];

    public IReadOnlyList<Band> Bands { get; init; } = [];

    public IReadOnlyList<Line> Lines { get; init; } = [];

    /// <summary>Values that do not change.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>The greatest value that is shown.</summary>
    public double Highest => Math.Max(Top ?? 0, Values().Where(double.IsFinite).DefaultIfEmpty(0).Max());

    /// <summary>What the chart shows, in words: the first, greatest and last value of each series.</summary>
    public string Description => string.Join("; ", Series.Select(series => $"{series.Name}: {Words(series.Values)}").Concat(Limits.Select(limit => $"{limit.Name}: {Amount.Text(limit.Value, Unit)}")));

    /// <summary>All series, as they are listed: the uppermost layer first, as one sees them.</summary>
    public IEnumerable<(string Name, IReadOnlyList<double> Values)> Series =>
    [
        .. Layers.Reverse().Select(layer => (layer.Name, layer.Values)),
        .. Lines.Select(line => (line.Name, line.Values)),
        .. Bands.SelectMany(band => new[] { ($"{band.Name}, least", band.Least), ($"{band.Name}, most", band.Most) }),
    ];

    private IEnumerable<double> Values() =>
    [
        .. Enumerable.Range(0, Length).Select(index => Layers.Sum(layer => double.IsNaN(layer.Values[index]) ? 0 : layer.Values[index])),
        .. Lines.SelectMany(line => line.Values),
        .. Bands.SelectMany(band => band.Most),
        .. Limits.Select(limit => limit.Value),
    ];

    private string Words(IReadOnlyList<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? "no values" : $"{Amount.Text(finite[0], Unit)} at first, {Amount.Text(finite.Max(), Unit)} at most, {Amount.Text(finite[^1], Unit)} at last";
    }
}

/// <summary>An area that stands on the one below it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Its thickness.</param>
/// <param name="Look">The number of its colour and pattern.</param>
internal sealed record Layer(string Name, IReadOnlyList<double> Values, int Look);

/// <summary>A line. Its dashes repeat what its colour says.</summary>
internal sealed record Line(string Name, IReadOnlyList<double> Values, int Look);

/// <summary>The range in which values lie.</summary>
internal sealed record Band(string Name, IReadOnlyList<double> Least, IReadOnlyList<double> Most, int Look);

/// <summary>A value that does not change.</summary>
internal sealed record Limit(string Name, double Value);
