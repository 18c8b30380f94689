namespace Actors.Isolation.Wire;

/// <summary>The other process broke the protocol. The message says how.</summary>
internal sealed class WireException(string message, Exception? inner = null) : Exception(message, inner);
