using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Receives the payload of a watch event.</summary>
internal delegate void WatchEventHandler(ReadOnlySpan<byte> payload);

/// <summary>
/// One connection, from its start until it is lost. The caller of a request sends it, together with the requests that others added
/// while the previous send was running. So a burst needs few sends, and no caller waits for its turn.
/// </summary>
internal sealed class Connection : IMessageSink, IBatching, IDisposable
{
    // A socket accepts this much without blocking, whatever the daemon does: the default send buffer holds 277 small messages.
    private const int SmallInFlight = 64;
    private const int SmallSend = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly PendingRequests _pending = new();
    private readonly ITransport _transport;
    private readonly ConnectionReader _reader;
    private readonly WatchEventHandler _watchEvent;
    private readonly Action<Connection> _lost;
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MessageEncoder _filling = new();
    private MessageEncoder _leaving = new();
    private Exception? _cause;
    private long _sendNumber;
    private int _holds;
    private bool _isSending;
    private bool _isLost;

    public Connection(ITransport transport, WatchEventHandler watchEvent, Action<Connection> lost, TimeProvider time)
    {
        _transport = transport;
        _watchEvent = watchEvent;
        _lost = lost;
        _reader = new ConnectionReader(transport, this, time);
    }

    /// <summary>Completes when the connection is lost, with the reason.</summary>
    public Task<Exception?> Lost => _ended.Task;

    public bool IsLost
    {
        get
        {
            lock (_gate)
                return _isLost;
        }
    }

    public void Start() => _reader.Start();

    /// <summary>Adds a request and sends it if possible. Returns <see langword="false"/> and does nothing if the connection is lost.</summary>
    /// <exception cref="XenStoreException">The request does not fit in a message.</exception>
    public bool TryAdd(Request request)
    {
        var size = request.Query.Measure();
        lock (_gate)
        {
            if (_isLost)
                return false;
            _pending.Add(request);
            request.SendNumber = _sendNumber;
            request.Query.WriteTo(_filling.Add(request.Query.Type, request.Id, request.Query.Transaction, size));
            if (!TryTakeWhatLeaves())
                return true;
        }
        Send();
        return true;
    }

    public RequestBatch Hold()
    {
        lock (_gate)
            _holds++;
        return new RequestBatch(this);
    }

    public void EndBatch()
    {
        lock (_gate)
        {
            if (_holds > 0)
                _holds--;
            if (!TryTakeWhatLeaves())
                return;
        }
        Send();
    }

    /// <summary>Ends the connection. Messages that have already been received are still delivered.</summary>
    public void Close(Exception? cause)
    {
        _cause ??= cause;
        _transport.Shutdown();
    }

    public void Receive(in Message message)
    {
        if (message.Type == MessageType.WatchEvent)
        {
            _watchEvent(message.Payload);
            return;
        }
        Request? request;
        bool found;
        lock (_gate)
            found = _pending.TryTake(message.RequestId, out request);
        if (!found)
            throw new XenStoreProtocolException($"The daemon replied to request {message.RequestId}, which was never sent.");
        if (message.Type == MessageType.Error || message.Type == request!.Query.Type)
        {
            request!.Complete(in message);
            return;
        }
        var broken = new XenStoreProtocolException($"the daemon replied with a message of type {message.Type}", request.Query.Description);
        request.Abandon(broken);
        throw broken;
    }

    public void Ended(Exception? cause)
    {
        IReadOnlyList<Request> unanswered;
        lock (_gate)
        {
            // A reader that was replaced while it delivered a message may find the end as well.
            if (_isLost)
                return;
            _isLost = true;
            unanswered = _pending.TakeAll();
        }
        Dispose();
        // The session must know first, so that the caller of a failed request sees its new state.
        _lost(this);
        foreach (var request in unanswered)
            request.Abandon(Failure(request, _cause ?? cause));
        _ended.SetResult(_cause ?? cause);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _transport.Dispose();
    }

    private XenStoreConnectionException Failure(Request request, Exception? cause)
    {
        var query = request.Query;
        // A transaction ends with its connection, so only its commit may have taken effect.
        var isHarmless = query.Transaction != 0 && query.Type != MessageType.TransactionEnd;
        if (request.SendNumber >= _sendNumber || isHarmless)
            return new XenStoreConnectionException($"The connection to xenstore was lost. {query.Description} was not executed.", RequestFate.NotSent, cause);
        var what = cause is XenStoreConnectionException silence
            ? $"{silence.Message} to {query.Description}; restart it if it hangs."
            : $"The connection to xenstore was lost before the reply to {query.Description}.";
        return new XenStoreConnectionException($"{what} The request may have been executed.", RequestFate.Unknown, cause);
    }

    /// <summary>Takes the added requests for sending. If it returns true, the caller must release the lock and call <see cref="Send"/>.</summary>
    private bool TryTakeWhatLeaves()
    {
        if (_isSending || _holds > 0 || _filling.Length == 0)
            return false;
        (_filling, _leaving) = (_leaving, _filling);
        _sendNumber++;
        return _isSending = true;
    }

    private void Send()
    {
        // This must not block, above all not on the reader's thread: the daemon may wait until this client reads.
        if (_leaving.Length > SmallSend || (_pending.Count > SmallInFlight && !_transport.CanSendNow))
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.SendAll(), this, preferLocal: false);
        else
            SendAll();
    }

    private void SendAll()
    {
        try
        {
            _transport.Send(_leaving.Pending.Span);
        }
        catch (Exception failure)
        {
            // Any failure breaks the stream in the middle of a message. The reader then fails all requests.
            Close(failure);
            return;
        }
        _leaving.Consume(_leaving.Length);
        lock (_gate)
        {
            _isSending = false;
            if (!TryTakeWhatLeaves())
                return;
        }
        Send();
    }
}
