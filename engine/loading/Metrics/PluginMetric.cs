namespace Actors.Loading.Metrics;

/// <summary>A metric of a plugin, as the daemon shows it.</summary>
/// <param name="Name">Such as <c>acme.pages.compressed</c>.</param>
/// <param name="Kind"><c>counter</c> or <c>gauge</c>.</param>
/// <param name="Unit">The unit; empty if there is none.</param>
/// <param name="Description">What it is; may be empty.</param>
/// <param name="Value">The value now.</param>
internal sealed record PluginMetric(string Name, string Kind, string Unit, string Description, double Value);
