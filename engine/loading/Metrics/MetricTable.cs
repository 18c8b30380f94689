using System.Text.RegularExpressions;
using Actors.Isolation.Messages;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Loading.Metrics;

/// <summary>The metrics of one version of a plugin, in the process where it runs.</summary>
internal sealed partial class MetricTable : IPluginMetrics
{
    public const int MaxMetrics = 200;
    private const int MaxUnit = 63;
    private const int MaxDescription = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Metric> _metrics = [];
    private int _changed;

    /// <summary>All metrics, ordered by name.</summary>
    public IReadOnlyList<MetricBody> All
    {
        get
        {
            lock (_gate)
                return [.. _metrics.Values.Select(metric => metric.Body).OrderBy(metric => metric.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Called at the first change after <see cref="TakeChanged"/>.</summary>
    public Action FirstChange { private get; set; } = () => { };

    /// <summary>Whether something has changed since the last time this was called.</summary>
    public bool TakeChanged() => Interlocked.Exchange(ref _changed, 0) == 1;

    /// <summary>Whether metrics can be those of a plugin. What a child sends need not be.</summary>
    public static bool AreValid(IReadOnlyList<MetricBody> metrics) => metrics.Count <= MaxMetrics && metrics.DistinctBy(metric => metric.Name).Count() == metrics.Count
        && metrics.All(metric => NameGrammar().IsMatch(metric.Name) && double.IsFinite(metric.Value) && metric.Unit.Length <= MaxUnit && metric.Description.Length <= MaxDescription);

    public IPluginCounter CreateCounter(string name, string unit, string description) => Create(name, unit, description, body => new Counter(this, body));

    public IPluginGauge CreateGauge(string name, string unit, string description) => Create(name, unit, description, body => new Gauge(this, body));

    private T Create<T>(string name, string unit, string description, Func<MetricBody, T> make) where T : Metric
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NameGrammar().IsMatch(name))
            throw new ArgumentException($"'{name}' cannot be the name of a metric: lower-case letters, digits, '_' and '.', beginning with a letter, at most 63", nameof(name));
        lock (_gate)
        {
            if (_metrics.TryGetValue(name, out var known))
                return known as T ?? throw new ArgumentException($"the metric '{name}' is of the other kind", nameof(name));
            if (_metrics.Count == MaxMetrics)
                throw new ArgumentException($"a plugin has at most {MaxMetrics} metrics", nameof(name));
            var made = make(new MetricBody(name, typeof(T) == typeof(Counter), Printable.Of(unit ?? "", MaxUnit), Printable.Of(description ?? "", MaxDescription), 0));
            _metrics[name] = made;
            Change();
            return made;
        }
    }

    private void Change()
    {
        if (Interlocked.Exchange(ref _changed, 1) == 0)
            FirstChange();
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_.]{0,62}\z")]
    private static partial Regex NameGrammar();

    private abstract class Metric(MetricTable table, MetricBody body)
    {
        public MetricBody Body => body with { Value = Value };

        protected abstract double Value { get; }

        protected void Changed() => table.Change();
    }

    private sealed class Counter(MetricTable table, MetricBody body) : Metric(table, body), IPluginCounter
    {
        private long _value;

        protected override double Value => Interlocked.Read(ref _value);

        public void Add(long amount)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(amount);
            Interlocked.Add(ref _value, amount);
            Changed();
        }
    }

    private sealed class Gauge(MetricTable table, MetricBody body) : Metric(table, body), IPluginGauge
    {
        private double _value;

        protected override double Value => Volatile.Read(ref _value);

        public void Set(double value)
        {
            if (!double.IsFinite(value))
                return;
            Volatile.Write(ref _value, value);
            Changed();
        }
    }
}
