using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>
/// Serves an embedded store on a unix socket, in the protocol and with the behaviour of C xenstored: <c>xenstore-ls</c>, libxenstore and
/// any other client can use it. Every connection has the rights of dom0, as with the real daemons, so only the user of this process
/// may connect. One thread serves all connections; one that does not read, or floods, takes a bounded amount of memory and hurts nobody else.
/// </summary>
public sealed class XenStoreServer : IAsyncDisposable
{
    private readonly SocketLoop _loop;

    private XenStoreServer(SocketLoop loop, string socketPath)
    {
        _loop = loop;
        SocketPath = socketPath;
    }

    /// <summary>The path that it listens on.</summary>
    public string SocketPath { get; }

    /// <summary>
    /// Begins to serve. A socket that a dead server has left behind is replaced; the new one has mode 0600.
    /// </summary>
    /// <param name="store">The store to serve; it can be used in process at the same time.</param>
    /// <param name="socketPath">The socket's path, at most 107 bytes, in a directory that exists.</param>
    /// <exception cref="XenStoreServerException">
    /// The path is too long, is in use, is no socket, or its directory is missing or not permitted.
    /// </exception>
    public static XenStoreServer Listen(EmbeddedXenStore store, string socketPath)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(socketPath);
        return new XenStoreServer(SocketLoop.Start(store, SocketFile.Listen(socketPath)), socketPath);
    }

    /// <summary>Ends all connections, stops listening and removes the socket.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();
}
