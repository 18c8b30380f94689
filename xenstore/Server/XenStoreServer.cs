using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>
/// Serves an embedded store on a unix socket, in the protocol and with the behaviour of C xenstored: <c>xenstore-ls</c>, libxenstore and
/// any other client can use it. Every connection has the rights of dom0, as with the real daemons, so only the user of this process
/// may connect. One thread serves all connections; one that does not read, or floods, takes a bounded amount of memory and hurts nobody else.
/// </summary>
public sealed class XenStoreServer : IAsyncDisposable
{
    private readonly SocketFile _file;
    private SocketLoop? _loop;

    private XenStoreServer(SocketFile file) => _file = file;

    /// <summary>The path that it listens on.</summary>
    public string SocketPath => _file.Path;

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
        var server = Bind(socketPath);
        server.Serve(store);
        return server;
    }

    /// <summary>
    /// As <see cref="Listen"/>, for a store that is yet to be filled: the socket is this server's from here on, and who connects waits
    /// until <see cref="Serve"/>.
    /// </summary>
    /// <exception cref="XenStoreServerException">As in <see cref="Listen"/>.</exception>
    public static XenStoreServer Bind(string socketPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(socketPath);
        return new XenStoreServer(SocketFile.Listen(socketPath));
    }

    /// <summary>Begins to answer, once.</summary>
    /// <exception cref="InvalidOperationException">It does so already.</exception>
    public void Serve(EmbeddedXenStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_loop is not null)
            throw new InvalidOperationException($"The server on {SocketPath} serves a store already.");
        _loop = SocketLoop.Start(store, _file);
    }

    /// <summary>Ends all connections, stops listening and removes the socket.</summary>
    public ValueTask DisposeAsync()
    {
        if (_loop is not null)
            return _loop.DisposeAsync();
        _file.Close();
        return ValueTask.CompletedTask;
    }
}
