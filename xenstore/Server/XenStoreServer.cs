using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>
/// Serves an embedded store on a unix socket with the protocol and the behaviour of C xenstored, so <c>xenstore-ls</c>, libxenstore and
/// any other client can use it. Every connection has the rights of dom0, as with the real daemons, so only the user of this process
/// may connect. One thread serves all connections. A connection that does not read, or floods the server, uses a bounded amount of
/// memory and does not affect the others.
/// </summary>
public sealed class XenStoreServer : IAsyncDisposable
{
    private readonly SocketFile _file;
    private SocketLoop? _loop;

    private XenStoreServer(SocketFile file) => _file = file;

    /// <summary>The path of the socket.</summary>
    public string SocketPath => _file.Path;

    /// <summary>
    /// Starts a server. It replaces a socket that a dead server has left behind. The new socket has mode 0600.
    /// </summary>
    /// <param name="store">The store to serve. This process can use it at the same time.</param>
    /// <param name="socketPath">The path of the socket, at most 107 bytes, in an existing directory.</param>
    /// <exception cref="XenStoreServerException">
    /// The path is too long, is in use, is not a socket, or its directory is missing or not writable.
    /// </exception>
    public static XenStoreServer Listen(EmbeddedXenStore store, string socketPath)
    {
        ArgumentNullException.ThrowIfNull(store);
        var server = Bind(socketPath);
        server.Serve(store);
        return server;
    }

    /// <summary>Starts a server whose connections have the rights of a domain. Each is a connection of its own, as a guest has only one.</summary>
    internal static XenStoreServer ListenAsDomain(EmbeddedXenStore store, string socketPath, int domid)
    {
        var server = Bind(socketPath);
        server._loop = SocketLoop.Start(store, server._file, domid);
        return server;
    }

    /// <summary>
    /// Creates the socket like <see cref="Listen"/>, but answers no request yet, so that the store can be filled first. Clients that
    /// connect wait until <see cref="Serve"/>.
    /// </summary>
    /// <exception cref="XenStoreServerException">The same as for <see cref="Listen"/>.</exception>
    public static XenStoreServer Bind(string socketPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(socketPath);
        return new XenStoreServer(SocketFile.Listen(socketPath));
    }

    /// <summary>Starts to answer requests.</summary>
    /// <exception cref="InvalidOperationException">The server already serves a store.</exception>
    public void Serve(EmbeddedXenStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_loop is not null)
            throw new InvalidOperationException($"The server on {SocketPath} already serves a store.");
        _loop = SocketLoop.Start(store, _file, domid: 0);
    }

    /// <summary>Closes all connections, stops listening and removes the socket.</summary>
    public ValueTask DisposeAsync()
    {
        if (_loop is not null)
            return _loop.DisposeAsync();
        _file.Close();
        return ValueTask.CompletedTask;
    }
}
