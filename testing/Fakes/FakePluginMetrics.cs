namespace Actors.Sdk.Testing;

/// <summary>The metrics of a plugin, for tests.</summary>
public sealed class FakePluginMetrics : IPluginMetrics
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _values = [];

    /// <summary>The value of a counter or gauge; <see langword="null"/> if the plugin has not created it.</summary>
    public double? this[string name]
    {
        get
        {
            lock (_gate)
                return _values.TryGetValue(name, out var value) ? value : null;
        }
    }

    /// <inheritdoc/>
    public IPluginCounter CreateCounter(string name, string unit = "", string description = "") => new Metric(this, name);

    /// <inheritdoc/>
    public IPluginGauge CreateGauge(string name, string unit = "", string description = "") => new Metric(this, name);

    private sealed class Metric : IPluginCounter, IPluginGauge
    {
        private readonly FakePluginMetrics _metrics;
        private readonly string _name;

        public Metric(FakePluginMetrics metrics, string name)
        {
            (_metrics, _name) = (metrics, name);
            lock (metrics._gate)
                metrics._values.TryAdd(name, 0);
        }

        public void Add(long amount)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(amount);
            lock (_metrics._gate)
                _metrics._values[_name] += amount;
        }

        public void Set(double value)
        {
            if (!double.IsFinite(value))
                return;
            lock (_metrics._gate)
                _metrics._values[_name] = value;
        }
    }
}
