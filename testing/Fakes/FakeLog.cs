namespace Actors.Sdk.Testing;

/// <summary>Keeps what an actor tells the operator.</summary>
public sealed class FakeLog : IActorLog
{
    private readonly List<string> _lines = [];

    /// <summary>What was told, in order, as <c>warn: …</c>.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <inheritdoc/>
    public void Debug(string message) => _lines.Add($"debug: {message}");

    /// <inheritdoc/>
    public void Info(string message) => _lines.Add($"info: {message}");

    /// <inheritdoc/>
    public void Warn(string message) => _lines.Add($"warn: {message}");
}
