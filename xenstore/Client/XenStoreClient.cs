using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.XenStore;

/// <summary>
/// A connection to a xenstore daemon that reconnects automatically. <see cref="ConnectAsync"/> opens it.
/// Any number of requests from any threads may be in flight at the same time.
/// </summary>
/// <remarks>
/// <para>
/// If an <c>await</c> of a request captures a <see cref="SynchronizationContext"/>, it continues there. Otherwise it continues on
/// the thread that reads from the daemon. That saves a change of threads and accounts for most of the speed. The code after the
/// <c>await</c> should not block. If it does, even by waiting for another request, other replies and events are delayed by at most
/// 50 ms.
/// </para>
/// <para>
/// Cancelling a request only ends the wait for its reply. The store may still execute it, and the connection stays usable.
/// </para>
/// <para>
/// If the connection is lost, requests in flight and open transactions fail with a <see cref="XenStoreConnectionException"/>. Its
/// <see cref="XenStoreConnectionException.Fate"/> says whether the store may have executed the request. The client reconnects with
/// growing pauses until it is disposed (after several connections in a row that were lost soon, it pauses before the first attempt, too), and registers every watch again, so each watch fires once. Requests made in the meantime
/// wait for the new connection for at most <see cref="XenStoreClientOptions.ReconnectWait"/>.
/// </para>
/// </remarks>
public sealed partial class XenStoreClient : IXenStore
{
    private readonly Session _session;

    private readonly ConnectionEvents _events;
    private volatile int _domid;

    private XenStoreClient(Func<ITransport> open, XenStoreClientOptions options, int? domid)
    {
        _domid = domid ?? 0;
        _events = new ConnectionEvents(change => ConnectionChanged?.Invoke(this, change));
        _session = new Session(open, options, _events.Add, domid is null ? ReadDomidAsync : _ => Task.CompletedTask);
    }

    /// <summary>
    /// Raised when the connection was lost, was established again, or an attempt to reconnect failed. The events are raised one after
    /// the other in order, on a thread of the pool. A handler may block and may dispose the client. Its exceptions are ignored.
    /// </summary>
    public event EventHandler<XenStoreConnectionEventArgs>? ConnectionChanged;

    /// <summary>The state of the connection.</summary>
    public XenStoreConnectionState ConnectionState =>
        _session.IsDisposed ? XenStoreConnectionState.Closed
        : _session.Current is null ? XenStoreConnectionState.Reconnecting
        : XenStoreConnectionState.Connected;

    /// <inheritdoc/>
    public int Domid => _domid;

    /// <summary>Connects to a daemon.</summary>
    /// <param name="endpoint">The location of the daemon. The default is the result of <see cref="XenStoreEndpoint.Find()"/>.</param>
    /// <param name="options">The time limits for reconnecting.</param>
    /// <param name="cancellation">Cancels the attempt.</param>
    /// <exception cref="XenStoreConnectionException">The daemon cannot be reached. The message says what to do. The first connection is not retried.</exception>
    public static async Task<XenStoreClient> ConnectAsync(
        XenStoreEndpoint? endpoint = null, XenStoreClientOptions? options = null, CancellationToken cancellation = default)
    {
        endpoint ??= XenStoreEndpoint.Find();
        if (!endpoint.IsDevice)
            return await ConnectThroughAsync(() => SocketTransport.Connect(endpoint.Path), options, domid: 0, cancellation).ConfigureAwait(false);
        return await ConnectThroughAsync(() => XenBusTransport.Open(endpoint.Path), options, domid: null, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellation = default) =>
        _session.RequestAsync(new Query(MessageType.Read, path), Replies.Bytes, cancellation);

    /// <inheritdoc/>
    public ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellation = default) =>
        _session.RequestAsync(new Query(MessageType.Read, path), Replies.Bytes, cancellation, absentIsDefault: true)!;

    /// <inheritdoc/>
    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(new Query(MessageType.Write, path, value), cancellation);

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(string path, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(new Query(MessageType.MakeDirectory, path), cancellation);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string path, CancellationToken cancellation = default) =>
        _session.ExecuteAsync(new Query(MessageType.Remove, path), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) =>
        NodeRequests.ListAsync(_session, path, transaction: 0, cancellation);

    /// <inheritdoc/>
    public ValueTask<NodePermissions> GetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        _session.RequestAsync(new Query(MessageType.GetPermissions, path), Replies.Permissions, cancellation);

    /// <inheritdoc/>
    public ValueTask<NodePermissions?> TryGetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        _session.RequestAsync(new Query(MessageType.GetPermissions, path), Replies.Permissions, cancellation, absentIsDefault: true)!;

    /// <inheritdoc/>
    public ValueTask SetPermissionsAsync(string path, NodePermissions permissions, CancellationToken cancellation = default)
    {
        return _session.ExecuteAsync(NodeRequests.SetPermissions(path, permissions, transaction: 0), cancellation);
    }

    /// <inheritdoc/>
    public RequestBatch Batch() => _session.Current?.Hold() ?? default;

    /// <inheritdoc/>
    public IWatchQueue OpenWatchQueue()
    {
        ObjectDisposedException.ThrowIf(_session.IsDisposed, this);
        return _session.Watches.OpenQueue();
    }

    /// <inheritdoc/>
    public async ValueTask<IXenStoreTransaction> BeginTransactionAsync(CancellationToken cancellation = default)
    {
        var start = _session.BeginTransactionAsync(cancellation).AsTask();
        try
        {
            return await start.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The daemon begins the transaction anyway, and without an end it would keep it until the connection closes.
            _ = start.ContinueWith(
                static begun => begun.Result.DisposeAsync().AsTask(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Closes the connection. Requests in flight and all later requests fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session.IsDisposed)
            return;
        await _session.DisposeAsync().ConfigureAwait(false);
        _events.Add(new XenStoreConnectionEventArgs(XenStoreConnectionState.Closed, cause: null));
    }

    /// <summary>Connects through a transport. If the domid of its domain is not known, the client reads it on every new connection.</summary>
    internal static async Task<XenStoreClient> ConnectThroughAsync(
        Func<ITransport> open, XenStoreClientOptions? options, int? domid, CancellationToken cancellation = default)
    {
        var client = new XenStoreClient(open, options ?? new XenStoreClientOptions(), domid);
        try
        {
            await client._session.StartAsync(cancellation).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the domid, which the toolstack writes into the home of each domain. It can change when a domain is migrated.</summary>
    private async Task ReadDomidAsync(Connection connection)
    {
        var query = new Query(MessageType.Read, "domid");
        if (Session.TrySend(connection, query, Replies.Bytes, absentIsDefault: true, CancellationToken.None) is { } request)
            _domid = Domids.TryParse(await request.Answer.ConfigureAwait(false), out var domid) ? domid : 0;
    }
}
