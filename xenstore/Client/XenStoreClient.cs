using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.XenStore;

/// <summary>
/// A connection to a xenstore daemon that mends itself: see <see cref="ConnectAsync"/>.
/// Any number of requests may be in flight at once, from any threads.
/// </summary>
/// <remarks>
/// <para>
/// Where an <c>await</c> of a request captures a <see cref="SynchronizationContext"/>, it goes on there. Otherwise it goes on
/// on the thread that reads from the daemon, which spares a change of threads and is most of the speed; so what comes after the
/// <c>await</c> should not block. If it does, even by waiting for another request, other replies and events are held up for
/// 50 ms and no longer.
/// </para>
/// <para>
/// Cancelling a request stops the wait for it and nothing else: it may still be carried out, and the connection stays sound.
/// </para>
/// <para>
/// When the daemon goes away, requests in flight fail with a <see cref="XenStoreConnectionException"/>, whose
/// <see cref="XenStoreConnectionException.Fate"/> tells whether they may have been carried out; so do open transactions.
/// The client reconnects with growing pauses for as long as it lives, registers every watch again, and each fires once.
/// Requests made in the meantime wait for that, at most for <see cref="XenStoreClientOptions.ReconnectWait"/>.
/// </para>
/// </remarks>
public sealed partial class XenStoreClient : IXenStore
{
    private readonly Session _session;

    private XenStoreClient(Func<ITransport> open, XenStoreClientOptions options, int domid)
    {
        Domid = domid;
        _session = new Session(open, options, Announce);
    }

    /// <summary>The connection was lost, made again, or could not be made again yet. Raised in order, and never on the reader's thread.</summary>
    public event EventHandler<XenStoreConnectionEventArgs>? ConnectionChanged;

    /// <summary>How the connection stands.</summary>
    public XenStoreConnectionState ConnectionState =>
        _session.IsDisposed ? XenStoreConnectionState.Closed
        : _session.Current is null ? XenStoreConnectionState.Reconnecting
        : XenStoreConnectionState.Connected;

    /// <inheritdoc/>
    public int Domid { get; private set; }

    /// <summary>Connects to a daemon.</summary>
    /// <param name="endpoint">Where it is; unless given, <see cref="XenStoreEndpoint.Find()"/> looks for it.</param>
    /// <param name="options">How to deal with a daemon that goes away.</param>
    /// <param name="cancellation">Stops trying.</param>
    /// <exception cref="XenStoreConnectionException">It cannot be reached; the message says what to do. Nothing is tried again.</exception>
    public static async Task<XenStoreClient> ConnectAsync(
        XenStoreEndpoint? endpoint = null, XenStoreClientOptions? options = null, CancellationToken cancellation = default)
    {
        endpoint ??= XenStoreEndpoint.Find();
        if (!endpoint.IsDevice)
            return await ConnectThroughAsync(() => SocketTransport.Connect(endpoint.Path), options, domid: 0, cancellation).ConfigureAwait(false);
        var client = await ConnectThroughAsync(() => XenBusTransport.Open(endpoint.Path), options, domid: 0, cancellation).ConfigureAwait(false);
        // The toolstack writes each domain its own number.
        var domid = await client.TryReadTextAsync("domid", cancellation).ConfigureAwait(false);
        client.Domid = int.TryParse(domid, out var number) ? number : 0;
        return client;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellation = default) =>
        _session.AskAsync(new Query(MessageType.Read, path), Replies.Bytes, cancellation);

    /// <inheritdoc/>
    public ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellation = default) =>
        _session.AskAsync(new Query(MessageType.Read, path), Replies.Bytes, cancellation, absentIsDefault: true)!;

    /// <inheritdoc/>
    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellation = default) =>
        _session.TellAsync(new Query(MessageType.Write, path, value), cancellation);

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(string path, CancellationToken cancellation = default) =>
        _session.TellAsync(new Query(MessageType.MakeDirectory, path), cancellation);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string path, CancellationToken cancellation = default) =>
        _session.TellAsync(new Query(MessageType.Remove, path), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) =>
        NodeRequests.ListAsync(_session, path, transaction: 0, cancellation);

    /// <inheritdoc/>
    public ValueTask<NodePermissions> GetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        _session.AskAsync(new Query(MessageType.GetPermissions, path), Replies.Permissions, cancellation);

    /// <inheritdoc/>
    public ValueTask<NodePermissions?> TryGetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        _session.AskAsync(new Query(MessageType.GetPermissions, path), Replies.Permissions, cancellation, absentIsDefault: true)!;

    /// <inheritdoc/>
    public ValueTask SetPermissionsAsync(string path, NodePermissions permissions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        return _session.TellAsync(new Query(MessageType.SetPermissions, path, PermissionFormat.ToBytes(permissions)), cancellation);
    }

    /// <inheritdoc/>
    public RequestBatch Batch() => _session.Current?.Hold() ?? default;

    /// <inheritdoc/>
    public IWatchQueue OpenWatchQueue() => _session.Watches.OpenQueue();

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
            // The daemon begins it all the same; a transaction that nobody ends would cost it memory until the connection ends.
            _ = start.ContinueWith(
                static begun => begun.Result.DisposeAsync().AsTask(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Closes the connection. Requests in flight fail, and so does every later use.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session.IsDisposed)
            return;
        await _session.DisposeAsync().ConfigureAwait(false);
        Announce(new XenStoreConnectionEventArgs(XenStoreConnectionState.Closed, cause: null));
    }

    /// <summary>Connects through any transport; with the rights that it has.</summary>
    internal static async Task<XenStoreClient> ConnectThroughAsync(
        Func<ITransport> open, XenStoreClientOptions? options, int domid, CancellationToken cancellation = default)
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

    private void Announce(XenStoreConnectionEventArgs change)
    {
        try
        {
            ConnectionChanged?.Invoke(this, change);
        }
        catch (Exception)
        {
            // A listener that fails must not end the reconnecting, on which everyone else depends.
        }
    }
}
