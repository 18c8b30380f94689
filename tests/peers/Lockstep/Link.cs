using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Lockstep;

/// <summary>One message from a store, with NULs as <c>|</c>.</summary>
internal sealed record Reply(MessageType Type, uint RequestId, string Payload);

/// <summary>A raw connection to a store: a socket, or the ring of a guest.</summary>
internal sealed class Link : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly ITransport _transport;
    private readonly BlockingCollection<Reply> _replies = [];
    private uint _lastId;

    public Link(ITransport transport)
    {
        _transport = transport;
        new Thread(Receive) { IsBackground = true, Name = "lockstep reader" }.Start();
    }

    public static Link Connect(string socketPath) => new(SocketTransport.Connect(socketPath));

    /// <summary>Sends a request and returns its id.</summary>
    public uint Send(MessageType type, string payload, uint transaction)
    {
        var encoder = new MessageEncoder();
        encoder.Add(type, ++_lastId, transaction, Encoding.Latin1.GetBytes(payload));
        _transport.Send(encoder.Pending.Span);
        return _lastId;
    }

    /// <summary>Returns all messages up to the reply to a request.</summary>
    /// <exception cref="TimeoutException">The reply did not arrive.</exception>
    public List<Reply> ReadTo(uint requestId)
    {
        var messages = new List<Reply>();
        while (_replies.TryTake(out var reply, Deadline))
        {
            messages.Add(reply);
            if (reply.Type != MessageType.WatchEvent && reply.RequestId == requestId)
                return messages;
        }
        throw new TimeoutException($"The reply to request {requestId} did not arrive. Before it: {string.Join(", ", messages)}");
    }

    public void Dispose()
    {
        _transport.Shutdown();
        _transport.Dispose();
    }

    private void Receive()
    {
        var decoder = new MessageDecoder();
        try
        {
            while (true)
            {
                while (decoder.TryRead(out var message))
                    _replies.Add(new Reply(message.Type, message.RequestId, Encoding.Latin1.GetString(message.Payload).Replace('\0', '|')));
                var count = _transport.Receive(decoder.FreeSpace().Span);
                if (count == 0)
                    return;
                decoder.Received(count);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended.
        }
    }
}
