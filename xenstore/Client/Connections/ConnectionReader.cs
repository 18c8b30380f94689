using System.Net.Sockets;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Takes the messages that a <see cref="ConnectionReader"/> received.</summary>
internal interface IMessageSink
{
    /// <summary>May run callers' continuations, and so may take any time.</summary>
    /// <exception cref="ProtocolException">The message makes no sense; nothing more is read.</exception>
    void Receive(in Message message);

    /// <summary>Nothing more comes. <paramref name="cause"/> is <see langword="null"/> when the other side just closed.</summary>
    void Ended(Exception? cause);
}

/// <summary>
/// Receives on a thread of its own and delivers on it: a reply reaches its caller without a change of threads. A caller that
/// blocks there, even on another reply of this very connection, holds the others up for <see cref="Patience"/> and no longer:
/// then another thread reads on, and this one ends when it comes back.
/// </summary>
internal sealed class ConnectionReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

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
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or ProtocolException)
        {
            cause = failure;
        }
        _sink.Ended(cause);
    }

    private void Guard(Turn turn)
    {
        _deliveredWhenGuarded = turn.Delivered;
        _guarded = true;
        _guard.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void Check()
    {
        var turn = _turn;
        if (turn.Delivered == _deliveredWhenGuarded && turn.TryAbandon())
        {
            // The abandoned thread may not even have read its message to the end.
            _decoder = _decoder.Successor();
            Start();
        }
        _guarded = false;
        if (_turn.IsDelivering)
            Guard(_turn);
    }

    /// <summary>One thread's time as the reader. Its state changes with full fences, so that the guard never misses a delivery.</summary>
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
