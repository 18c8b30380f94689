namespace Actors.Sim.Studies;

/// <summary>
/// Records series of any length in limited memory: when there are too many intervals, each two of them become one.
/// </summary>
/// <param name="sampleEvery">The time between two samples.</param>
internal sealed class SeriesRecorder(TimeSpan sampleEvery)
{
    /// <summary>More points than a chart has pixels for are of no use.</summary>
    private const int MostIntervals = 240;

    private readonly Dictionary<(string Domain, SeriesKind Kind), List<(double Sum, int Count)>> _series = [];
    private int _samples;
    private int _samplesPerInterval = 1;

    /// <summary>Adds a value to the sample that is being taken.</summary>
    public void Add(string domain, SeriesKind kind, double value)
    {
        if (!_series.TryGetValue((domain, kind), out var intervals))
            _series[(domain, kind)] = intervals = [];
        var current = _samples / _samplesPerInterval;
        while (intervals.Count <= current)
            intervals.Add(default);
        intervals[current] = (intervals[current].Sum + value, intervals[current].Count + 1);
    }

    /// <summary>Ends a sample.</summary>
    public void Next()
    {
        _samples++;
        if (_samples < MostIntervals * _samplesPerInterval)
            return;
        foreach (var intervals in _series.Values)
            Halve(intervals);
        _samplesPerInterval *= 2;
    }

    /// <summary>What was recorded.</summary>
    public RunSeries Series()
    {
        var length = (_samples + _samplesPerInterval - 1) / _samplesPerInterval;
        return new RunSeries(sampleEvery * _samplesPerInterval, length, _series.ToDictionary(
            series => series.Key,
            series => Enumerable.Range(0, length).Select(index => index < series.Value.Count ? Mean(series.Value[index]) : double.NaN).ToArray()));
    }

    private static double Mean((double Sum, int Count) interval) => interval.Count == 0 ? double.NaN : interval.Sum / interval.Count;

    private static void Halve(List<(double Sum, int Count)> intervals)
    {
        for (var index = 0; index < intervals.Count; index += 2)
        {
            var (first, second) = (intervals[index], index + 1 < intervals.Count ? intervals[index + 1] : default);
            intervals[index / 2] = (first.Sum + second.Sum, first.Count + second.Count);
        }
        intervals.RemoveRange((intervals.Count + 1) / 2, intervals.Count / 2);
    }
}
