using System.Net.Sockets;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Receives the messages of a <see cref="ConnectionReader"/>.</summary>
internal interface IMessageSink
{
    /// <summary>Handles a message. It may run continuations of callers, so it may take any time.</summary>
    /// <exception cref="XenStoreProtocolException">The message is invalid. The reader stops.</exception>
    void Receive(in Message message);

    /// <summary>The connection has ended. <paramref name="cause"/> is <see langword="null"/> if the other side closed it.</summary>
    void Ended(Exception? cause);
}

/// <summary>
/// Receives on a thread of its own and delivers on the same thread, so a reply reaches its caller without a change of threads. A
/// caller that blocks there, even on another reply of this connection, delays the others by at most <see cref="StallLimit"/>.
/// After that another thread continues to read, and this one ends when the caller returns.
/// </summary>
internal sealed class ConnectionReader : IDisposable
{
    private static readonly TimeSpan StallLimit = TimeSpan.FromMilliseconds(50);

    // oxenstored sends a directory of any size in one reply.
    private MessageDecoder _decoder = new(payloadMax: 64 * 1024 * 1024, capacity: 64 * 1024);
    private readonly ITransport _transport;
    private readonly IMessageSink _sink;
    private readonly ITimer _guard;
    private volatile Turn _turn = new();
    private volatile bool _guarded;
    private long _deliveredWhenGuarded;

    public ConnectionReader(ITransport transport, IMessageSink sink, TimeProvider time)
    {
        _transport = transport;
        _sink = sink;
        _guard = time.CreateTimer(
            static reader => ((ConnectionReader)reader!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        var turn = _turn = new Turn();
        new Thread(() => Read(turn)) { IsBackground = true, Name = "xenstore reader" }.Start();
    }

    public void Dispose() => _guard.Dispose();

    private void Read(Turn turn)
    {
        Exception? cause = null;
        try
        {
            while (true)
            {
                while (_decoder.TryRead(out var message))
                {
                    turn.Begin();
                    if (!_guarded)
                        Guard(turn);
                    _sink.Receive(in message);
                    if (!turn.TryFinish())
                        return;
                }
                var count = _transport.Receive(_decoder.FreeSpace().Span);
                if (count == 0)
                    break;
                _decoder.Received(count);
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or XenStoreProtocolException)
        {
            cause = failure;
        }
        _sink.Ended(cause);
    }

    private void Guard(Turn turn)
    {
        _deliveredWhenGuarded = turn.Delivered;
        _guarded = true;
        _guard.Change(StallLimit, Timeout.InfiniteTimeSpan);
    }

    private void Check()
    {
        var turn = _turn;
        if (turn.Delivered == _deliveredWhenGuarded && turn.TryAbandon())
        {
            // The abandoned thread may still be reading its message from the old buffer.
            _decoder = _decoder.Successor();
            Start();
        }
        _guarded = false;
        if (_turn.IsDelivering)
            Guard(_turn);
    }

    /// <summary>The turn of one thread as the reader. Its state changes with full fences, so the guard never misses a delivery.</summary>
    private sealed class Turn
    {
        private const int Receiving = 0;
        private const int Delivering = 1;
        private const int Abandoned = 2;
        private int _state;
        private long _delivered;

        public long Delivered => Volatile.Read(ref _delivered);

        public bool IsDelivering => Interlocked.CompareExchange(ref _state, Receiving, Receiving) == Delivering;

        public void Begin()
        {
            _delivered++;
            Interlocked.Exchange(ref _state, Delivering);
        }

        public bool TryFinish() => Interlocked.CompareExchange(ref _state, Receiving, Delivering) == Delivering;

        public bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Delivering) == Delivering;
    }
}
