namespace Actors.XenStore;

/// <summary>The state of a client's connection.</summary>
public enum XenStoreConnectionState
{
    /// <summary>The client is connected.</summary>
    Connected,

    /// <summary>The connection is lost, and the client tries to reconnect until it is disposed.</summary>
    Reconnecting,

    /// <summary>The client was disposed.</summary>
    Closed,
}

/// <summary>A change of a client's connection.</summary>
/// <param name="state">The new state.</param>
/// <param name="cause">The reason why the connection was lost, or why the last attempt to reconnect failed.</param>
public sealed class XenStoreConnectionEventArgs(XenStoreConnectionState state, Exception? cause) : EventArgs
{
    /// <summary>The new state.</summary>
    public XenStoreConnectionState State { get; } = state;

    /// <summary>The reason why the connection was lost, or why an attempt to reconnect failed. It is <see langword="null"/> for a new connection.</summary>
    public Exception? Cause { get; } = cause;
}
