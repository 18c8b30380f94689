namespace Actors.XenStore.Protocol;

/// <summary>The other side broke the protocol, so nothing after that can be interpreted.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
