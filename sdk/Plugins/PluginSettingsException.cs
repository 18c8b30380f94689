namespace Actors.Sdk;

/// <summary>The settings of a plugin have problems. Since contract 1.1.</summary>
/// <param name="problems">All problems, each with file, line and column: <c>actors.yaml:12:5: 'level': expected a whole number, found 'high'</c>.</param>
public sealed class PluginSettingsException(IReadOnlyList<string> problems) : Exception(string.Join("; ", problems))
{
    /// <summary>All problems, each with file, line and column.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
