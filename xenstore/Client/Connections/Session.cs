using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Keeps a connection open: when it is lost, the session opens another one and registers the watches on it again.</summary>
internal sealed class Session : IRequestSender, IAsyncDisposable
{
    /// <summary>The time that a daemon has to register the watches on a new connection. After that the connection counts as failed.</summary>
    private static readonly TimeSpan RegistrationLimit = TimeSpan.FromSeconds(10);

    private readonly Func<ITransport> _open;
    private readonly XenStoreClientOptions _options;
    private readonly Action<XenStoreConnectionEventArgs> _changed;
    private readonly Func<Connection, Task> _prepare;
    private const int MaxStarts = 10;
    private const int ManyShortLived = 5;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<Connection> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keepConnected = Task.CompletedTask;
    private volatile Connection? _current;
    private volatile bool _isDisposed;

    /// <param name="open">Opens a transport.</param>
    /// <param name="options">The clock and the time limits.</param>
    /// <param name="changed">Receives the changes of the connection. It must not block.</param>
    /// <param name="prepare">Runs on each new connection before any other request.</param>
    public Session(
        Func<ITransport> open, XenStoreClientOptions options, Action<XenStoreConnectionEventArgs> changed, Func<Connection, Task> prepare)
    {
        _open = open;
        _options = options;
        _changed = changed;
        _prepare = prepare;
        Watches = new WatchTable(this);
    }

    public WatchTable Watches { get; }

    /// <summary>The current connection, if there is one.</summary>
    public Connection? Current => _current;

    public bool IsDisposed => _isDisposed;

    /// <summary>Opens the first connection. If that fails, the caller gets the exception.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var first = await ConnectAsync(cancellation).ConfigureAwait(false);
        _keepConnected = Task.Run(() => KeepConnectedAsync(first), CancellationToken.None);
    }

    /// <summary>Sends a request on the current connection, or waits for the next one.</summary>
    public ValueTask<T> RequestAsync<T>(in Query query, ReplyParser<T> parser, CancellationToken cancellation, bool absentIsDefault = false)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellation);
        try
        {
            return TrySend(_current, query, parser, absentIsDefault, cancellation) is { } request
                ? request.Answer
                : RequestLaterAsync(query, parser, absentIsDefault, cancellation);
        }
        catch (XenStoreException refusal)
        {
            return ValueTask.FromException<T>(refusal);
        }
    }

    /// <summary>Sends a request like <see cref="RequestAsync"/>. Its reply has no data.</summary>
    public ValueTask ExecuteAsync(in Query query, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        try
        {
            return TrySend(_current, query, Replies.Nothing, absentIsDefault: false, cancellation) is { } request
                ? request.Done
                : new ValueTask(RequestLaterAsync(query, Replies.Nothing, absentIsDefault: false, cancellation).AsTask());
        }
        catch (XenStoreException refusal)
        {
            return ValueTask.FromException(refusal);
        }
    }

    /// <summary>Begins a transaction on the current connection, or on the next one.</summary>
    public async ValueTask<IXenStoreTransaction> BeginTransactionAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = await ConnectedAsync(cancellation).ConfigureAwait(false);
            var start = new Query(MessageType.TransactionStart, "");
            if (TrySend(connection, start, Replies.Number, absentIsDefault: false, CancellationToken.None) is not { } request)
                continue;
            try
            {
                return new Transaction(connection, await request.Answer.ConfigureAwait(false));
            }
            catch (XenStoreConnectionException) when (attempt < MaxStarts)
            {
                // The transaction ended with its connection, and it has done nothing yet.
            }
        }
    }

    /// <summary>Sends a request on a connection. Returns <see langword="null"/> if the connection is lost.</summary>
    /// <exception cref="XenStoreException">The request does not fit in a message.</exception>
    public static Request<T>? TrySend<T>(
        Connection? connection, in Query query, ReplyParser<T> parser, bool absentIsDefault, CancellationToken cancellation)
    {
        if (connection is null)
            return null;
        var request = Request<T>.Make(query, parser, absentIsDefault, cancellation);
        var isAdded = false;
        try
        {
            isAdded = connection.TryAdd(request);
        }
        finally
        {
            if (!isAdded)
                request.Withdraw();
        }
        return isAdded ? request : null;
    }

    /// <summary>Waits for a connection and returns it.</summary>
    /// <exception cref="XenStoreConnectionException">There was no connection within the time that the options allow.</exception>
    public async ValueTask<Connection> ConnectedAsync(CancellationToken cancellation)
    {
        Task<Connection> next;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IXenStore));
            if (_current is { } current)
                return current;
            next = _next.Task;
        }
        try
        {
            return await next.WaitAsync(_options.ReconnectWait, _options.TimeProvider, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException timeout)
        {
            throw new XenStoreConnectionException(
                $"The connection to xenstore is lost and was not established again within {_options.ReconnectWait.TotalSeconds:0.###} s. "
                + "Is xenstored running?",
                RequestFate.NotSent,
                timeout);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Connection? current;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            current = _current;
        }
        _disposing.Cancel();
        current?.Close(new ObjectDisposedException(nameof(IXenStore)));
        await _keepConnected.ConfigureAwait(false);
        _next.TrySetException(new ObjectDisposedException(nameof(IXenStore)));
        _ = _next.Task.Exception;
        Watches.Close();
        _disposing.Dispose();
    }

    private async ValueTask<T> RequestLaterAsync<T>(Query query, ReplyParser<T> parser, bool absentIsDefault, CancellationToken cancellation)
    {
        while (true)
        {
            var connection = await ConnectedAsync(cancellation).ConfigureAwait(false);
            if (TrySend(connection, query, parser, absentIsDefault, cancellation) is { } request)
                return await request.Answer.ConfigureAwait(false);
        }
    }

    private async Task KeepConnectedAsync(Connection? connection)
    {
        var shortLived = 0;
        while (connection is not null)
        {
            var begun = _options.TimeProvider.GetTimestamp();
            var cause = await connection.Lost.ConfigureAwait(false);
            if (_isDisposed)
                return;
            _changed(new XenStoreConnectionEventArgs(XenStoreConnectionState.Reconnecting, cause));
            shortLived = _options.TimeProvider.GetElapsedTime(begun) < _options.LongestBackoff ? shortLived + 1 : 0;
            connection = await ReconnectAsync(shortLived).ConfigureAwait(false);
            if (connection is not null)
                _changed(new XenStoreConnectionEventArgs(XenStoreConnectionState.Connected, cause: null));
        }
    }

    /// <summary>Opens the next connection. Returns <see langword="null"/> if the client was disposed first.</summary>
    /// <param name="shortLived">The number of connections in a row that were lost soon. A daemon that crashes again and again must not keep the client busy.</param>
    private async Task<Connection?> ReconnectAsync(int shortLived)
    {
        try
        {
            if (shortLived >= ManyShortLived)
                await Task.Delay(_options.LongestBackoff, _options.TimeProvider, _disposing.Token).ConfigureAwait(false);
            for (var pause = _options.FirstBackoff; ; pause = Longer(pause))
            {
                try
                {
                    return await ConnectAsync(_disposing.Token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is XenStoreConnectionException or XenStoreException)
                {
                    _changed(new XenStoreConnectionEventArgs(XenStoreConnectionState.Reconnecting, failure));
                }
                await Task.Delay(pause, _options.TimeProvider, _disposing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private TimeSpan Longer(TimeSpan pause) => pause * 2 < _options.LongestBackoff ? pause * 2 : _options.LongestBackoff;

    private async Task<Connection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new Connection(await OpenAsync(cancellation).ConfigureAwait(false), Watches.Deliver, OnLost, _options.TimeProvider);
        connection.Start();
        try
        {
            await PrepareAsync(connection, cancellation).ConfigureAwait(false);
            lock (_gate)
            {
                if (connection.IsLost || _isDisposed)
                    throw new XenStoreConnectionException("xenstored accepted the connection and closed it.", RequestFate.NotSent);
                _current = connection;
            }
        }
        catch (Exception failure)
        {
            connection.Close(failure);
            throw;
        }
        if (_options.ReplyLimit != Timeout.InfiniteTimeSpan)
            _ = ReplyGuard.RunAsync(connection, _options.ReplyLimit, _options.TimeProvider);
        _next.TrySetResult(connection);
        return connection;
    }

    /// <summary>Registers the watches. A daemon that accepts the connection and then stays silent must not block the client.</summary>
    private async Task PrepareAsync(Connection connection, CancellationToken cancellation)
    {
        try
        {
            var preparing = Task.WhenAll(_prepare(connection), Watches.RegisterAllAsync(connection));
            await preparing.WaitAsync(RegistrationLimit, _options.TimeProvider, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException timeout)
        {
            throw new XenStoreConnectionException(
                $"xenstored accepted the connection but did not reply within {RegistrationLimit.TotalSeconds:0} s.", RequestFate.NotSent, timeout);
        }
    }

    private async Task<ITransport> OpenAsync(CancellationToken cancellation)
    {
        var opening = Task.Run(_open, CancellationToken.None);
        try
        {
            return await opening.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(
                static late => late.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    private void OnLost(Connection connection)
    {
        lock (_gate)
        {
            if (_current != connection)
                return;
            _current = null;
            _next = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
