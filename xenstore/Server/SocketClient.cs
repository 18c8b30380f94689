using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>One connection on the socket, with its incoming requests and the messages that it has not read yet.</summary>
internal sealed class SocketClient(SocketLoop loop, Socket socket) : IWatchSink, IDisposable
{
    private const int ReceiveBuffer = 8 * 1024;

    /// <summary>The number of unread bytes at which the server stops reading requests from a connection.</summary>
    private const int PauseReadingAt = 1024 * 1024;

    /// <summary>The number of unread bytes at which the server closes a connection.</summary>
    private const int CloseAt = 16 * 1024 * 1024;

    private const int FirstSweep = 1024;

    private readonly MessageDecoder _incoming = new(capacity: ReceiveBuffer);
    private readonly Dictionary<WatchEvent, long> _unsentEvents = [];
    private int _sweepAt = FirstSweep;
    private bool _sendingSoon;
    private bool _overrun;

    public int Descriptor { get; } = (int)socket.Handle;

    public Session Session { get; set; } = null!;

    public MessageEncoder Outgoing { get; } = new();

    /// <summary>The events that the connection waits for: a request, unless too many replies are unread, and room for unsent bytes.</summary>
    public uint Interest =>
        (Outgoing.Length < PauseReadingAt ? Poller.Readable : 0) | (Outgoing.Length > 0 ? Poller.Writable : 0);

    /// <summary>The interest that is registered with the poller.</summary>
    public uint RegisteredInterest { get; set; } = Poller.Readable;

    /// <summary>Receives bytes. Returns <see langword="false"/> if the connection has ended.</summary>
    public bool Receive()
    {
        if ((RegisteredInterest & Poller.Readable) == 0)
            return true;
        var count = socket.Receive(_incoming.FreeSpace().Span, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return true;
        if (error != SocketError.Success || count == 0)
            return false;
        _incoming.Received(count);
        return true;
    }

    /// <summary>Answers all complete requests. Returns <see langword="false"/> if the connection broke the protocol. The store must be locked.</summary>
    public bool Answer(Requests requests)
    {
        try
        {
            while (_incoming.TryRead(out var request))
                requests.Answer(new Request(this, request));
            return true;
        }
        catch (XenStoreProtocolException)
        {
            return false;
        }
    }

    /// <summary>Sends as much as possible. Returns <see langword="false"/> if the connection has ended or leaves too much unread. The store must be locked.</summary>
    public bool Send()
    {
        _sendingSoon = false;
        while (Outgoing.Length > 0 && !_overrun)
        {
            var count = socket.Send(Outgoing.Pending.Span, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return true;
            if (error != SocketError.Success)
                return false;
            Outgoing.Consume(count);
        }
        _unsentEvents.Clear();
        return !_overrun;
    }

    public void Dispose() => socket.Dispose();

    void IWatchSink.Deliver(Watch watch, string path)
    {
        var length = path.Length + watch.Token.Length + 2;
        var happened = new WatchEvent(path, watch.Token);
        if (length > Wire.PayloadMax || _overrun || IsUnsent(happened))
            return;
        _overrun = Outgoing.Length > CloseAt;
        var payload = Outgoing.Add(MessageType.WatchEvent, 0, 0, length);
        Encoding.Latin1.GetBytes(path, payload);
        payload[path.Length] = 0;
        Encoding.Latin1.GetBytes(watch.Token, payload[(path.Length + 1)..]);
        payload[^1] = 0;
        _unsentEvents[happened] = Outgoing.Added;
        if (_sendingSoon)
            return;
        _sendingSoon = true;
        loop.SendSoon(this);
    }

    void IWatchSink.Removed(Watch watch)
    {
        // As with the real daemons, events that are already queued still arrive.
    }

    void IWatchSink.Ended()
    {
        // The connection of a released domain gets no more replies. Its server closes it when it sends the next request.
    }

    /// <summary>Returns whether an equal event waits to be sent. C xenstored sends special events as often as they happen.</summary>
    private bool IsUnsent(WatchEvent happened)
    {
        if (PathRules.IsSpecial(happened.Path))
            return false;
        if (_unsentEvents.Count >= _sweepAt)
            Sweep();
        return _unsentEvents.TryGetValue(happened, out var end) && end > Outgoing.Sent;
    }

    private void Sweep()
    {
        foreach (var (happened, end) in _unsentEvents)
            if (end <= Outgoing.Sent)
                _unsentEvents.Remove(happened);
        _sweepAt = Math.Max(FirstSweep, 2 * _unsentEvents.Count);
    }
}
