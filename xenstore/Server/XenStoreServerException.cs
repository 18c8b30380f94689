namespace Actors.XenStore.Server;

/// <summary>A server could not listen on its socket. The message says why and what to do.</summary>
public sealed class XenStoreServerException(string message, Exception? inner = null) : Exception(message, inner);
