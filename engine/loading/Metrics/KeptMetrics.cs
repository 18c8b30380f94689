using Actors.Isolation.Messages;

namespace Actors.Loading.Metrics;

/// <summary>The metrics of a plugin that runs in processes, as the daemon keeps them: counters go on from one process to the next.</summary>
internal sealed class KeptMetrics
{
    private readonly Lock _gate = new();
    private Dictionary<string, double> _before = [];
    private IReadOnlyList<MetricBody> _now = [];

    /// <summary>All metrics.</summary>
    public IReadOnlyList<PluginMetric> All
    {
        get
        {
            lock (_gate)
                return [.. _now.Select(metric => Of(metric, Total(metric)))];
        }
    }

    /// <summary>Replaces the metrics with those that the process reports now.</summary>
    public void Report(IReadOnlyList<MetricBody> metrics)
    {
        lock (_gate)
            _now = metrics;
    }

    /// <summary>Prepares for the next process, whose counters begin at 0.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _before = _now.Where(metric => metric.IsCounter).ToDictionary(metric => metric.Name, Total);
            _now = [.. _now.Select(metric => metric.IsCounter ? metric with { Value = 0 } : metric)];
        }
    }

    /// <summary>The metrics of a plugin in this process.</summary>
    public static IReadOnlyList<PluginMetric> Of(IReadOnlyList<MetricBody> metrics) => [.. metrics.Select(metric => Of(metric, metric.Value))];

    private double Total(MetricBody metric) => metric.Value + (metric.IsCounter ? _before.GetValueOrDefault(metric.Name) : 0);

    private static PluginMetric Of(MetricBody metric, double value) => new(metric.Name, metric.IsCounter ? "counter" : "gauge", metric.Unit, metric.Description, value);
}
