using System.Text.RegularExpressions;

namespace Actors.Sdk.Testing;

/// <summary>The metrics of a plugin, for tests. It rejects the names that a host rejects.</summary>
public sealed partial class FakePluginMetrics : IPluginMetrics
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (bool IsCounter, double Value)> _values = [];

    /// <summary>The value of a counter or gauge; <see langword="null"/> if the plugin has not created it.</summary>
    public double? this[string name]
    {
        get
        {
            lock (_gate)
                return _values.TryGetValue(name, out var metric) ? metric.Value : null;
        }
    }

    /// <inheritdoc/>
    public IPluginCounter CreateCounter(string name, string unit = "", string description = "") => new Metric(this, name, isCounter: true);

    /// <inheritdoc/>
    public IPluginGauge CreateGauge(string name, string unit = "", string description = "") => new Metric(this, name, isCounter: false);

    [GeneratedRegex(@"^[a-z][a-z0-9_.]{0,62}\z")]
    private static partial Regex NameGrammar();

    private sealed class Metric : IPluginCounter, IPluginGauge
    {
        private readonly FakePluginMetrics _metrics;
        private readonly string _name;

        public Metric(FakePluginMetrics metrics, string name, bool isCounter)
        {
            ArgumentNullException.ThrowIfNull(name);
            (_metrics, _name) = (metrics, name);
            if (!NameGrammar().IsMatch(name))
                throw new ArgumentException($"'{name}' cannot be the name of a metric: lower-case letters, digits, '_' and '.', beginning with a letter, at most 63", nameof(name));
            lock (metrics._gate)
            {
                if (!metrics._values.TryAdd(name, (isCounter, 0)) && metrics._values[name].IsCounter != isCounter)
                    throw new ArgumentException($"the metric '{name}' is of the other kind", nameof(name));
            }
        }

        public void Add(long amount)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(amount);
            lock (_metrics._gate)
                _metrics._values[_name] = (true, _metrics._values[_name].Value + amount);
        }

        public void Set(double value)
        {
            if (!double.IsFinite(value))
                return;
            lock (_metrics._gate)
                _metrics._values[_name] = (false, value);
        }
    }
}
