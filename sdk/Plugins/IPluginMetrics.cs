namespace Actors.Sdk;

/// <summary>
/// The metrics of a plugin. The daemon keeps them, and shows them in <c>actors plugin inspect</c>. The counters of a new version begin
/// at 0; those of a plugin whose process was started again continue. Since contract 1.1.
/// </summary>
public interface IPluginMetrics
{
    /// <summary>Creates a counter, or returns the one that has this name.</summary>
    /// <param name="name">Lower-case letters, digits, '_' and '.', beginning with a letter, at most 63 characters: <c>acme.pages.compressed</c>.</param>
    /// <param name="unit">The unit, as OpenTelemetry writes it: <c>By</c>, <c>s</c>, <c>{page}</c>. Empty if there is none.</param>
    /// <param name="description">What is counted, for people to read.</param>
    /// <exception cref="ArgumentException">The name is not valid, a gauge has it, or the plugin has 200 metrics.</exception>
    IPluginCounter CreateCounter(string name, string unit = "", string description = "");

    /// <summary>Creates a gauge, or returns the one that has this name.</summary>
    /// <param name="name">As for a counter: <c>acme.pool.size</c>.</param>
    /// <param name="unit">The unit. Empty if there is none.</param>
    /// <param name="description">What is measured, for people to read.</param>
    /// <exception cref="ArgumentException">The name is not valid, a counter has it, or the plugin has 200 metrics.</exception>
    IPluginGauge CreateGauge(string name, string unit = "", string description = "");
}

/// <summary>A value that only grows. Since contract 1.1.</summary>
public interface IPluginCounter
{
    /// <summary>Adds to the value. The call is cheap and may come from any thread.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative.</exception>
    void Add(long amount = 1);
}

/// <summary>A value that is measured. Since contract 1.1.</summary>
public interface IPluginGauge
{
    /// <summary>Sets the value. The call is cheap and may come from any thread. A value that is not a finite number is ignored.</summary>
    void Set(double value);
}
