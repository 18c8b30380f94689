namespace Actors.XenStore;

/// <summary>How a client's connection stands.</summary>
public enum XenStoreConnectionState
{
    /// <summary>Requests are answered.</summary>
    Connected,

    /// <summary>The daemon is gone, and the client tries to reach it again, for as long as it lives.</summary>
    Reconnecting,

    /// <summary>The client was disposed.</summary>
    Closed,
}

/// <summary>A client's connection was lost, or is there again with all its watches.</summary>
/// <param name="state">What holds now.</param>
/// <param name="cause">Why the connection was lost, or why the last attempt to make it failed.</param>
public sealed class XenStoreConnectionEventArgs(XenStoreConnectionState state, Exception? cause) : EventArgs
{
    /// <summary>What holds now.</summary>
    public XenStoreConnectionState State { get; } = state;

    /// <summary>Why the connection was lost; <see langword="null"/> when it is there again.</summary>
    public Exception? Cause { get; } = cause;
}
