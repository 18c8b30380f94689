namespace Actors.XenStore.Protocol;

/// <summary>The other side broke the protocol; nothing that comes after can be understood.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
