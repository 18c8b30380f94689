namespace Actors.Isolation.Wire;

/// <summary>The other process broke the protocol. The message says how.</summary>
internal sealed class WireException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the stream ended inside a frame. A process that was killed may have written half of one.</summary>
    public bool AtEnd { get; init; }
}
