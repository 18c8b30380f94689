namespace Actors.Isolation.Messages;

/// <summary>All metrics of a plugin.</summary>
internal sealed record MetricsBody(IReadOnlyList<MetricBody> Metrics);

/// <summary>A metric and its value.</summary>
internal sealed record MetricBody(string Name, bool IsCounter, string Unit, string Description, double Value);
