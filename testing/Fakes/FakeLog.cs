namespace Actors.Sdk.Testing;

/// <summary>Collects the log messages of an actor.</summary>
public sealed class FakeLog : IActorLog
{
    private readonly List<string> _lines = [];

    /// <summary>The messages in order, as <c>warn: …</c>.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <inheritdoc/>
    public void Debug(string message) => _lines.Add($"debug: {message}");

    /// <inheritdoc/>
    public void Info(string message) => _lines.Add($"info: {message}");

    /// <inheritdoc/>
    public void Warn(string message) => _lines.Add($"warn: {message}");
}
