using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Server;

/// <summary>A raw connection that can send valid and invalid messages.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
    {
        ReceiveTimeout = (int)Deadline.TotalMilliseconds,
        SendTimeout = (int)Deadline.TotalMilliseconds,
    };

    private readonly MessageDecoder _decoder = new();
    private uint _lastId;

    public RawClient(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    public static byte[] Bytes(MessageType type, string payload, uint id = 0, uint transaction = 0)
    {
        var encoder = new MessageEncoder();
        encoder.Add(type, id, transaction, Encoding.Latin1.GetBytes(payload));
        return encoder.Pending.ToArray();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Sends as much as fits and returns the number of bytes.</summary>
    public int SendSome(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        _socket.Blocking = true;
        return error == SocketError.Success ? sent : 0;
    }

    public void Send(MessageType type, string payload, uint transaction = 0) => Send(Bytes(type, payload, ++_lastId, transaction));

    /// <summary>Returns the type and payload of the next message, or <see langword="null"/> if the server has closed the connection.</summary>
    public (MessageType Type, string Payload)? Receive()
    {
        while (true)
        {
            if (_decoder.TryRead(out var message))
                return (message.Type, Encoding.Latin1.GetString(message.Payload));
            var count = _socket.Receive(_decoder.FreeSpace().Span, SocketFlags.None, out var error);
            if (error == SocketError.ConnectionReset || (error == SocketError.Success && count == 0))
                return null;
            Assert.That(error, Is.EqualTo(SocketError.Success), "a reply must arrive within the deadline");
            _decoder.Received(count);
        }
    }

    /// <summary>Sends a request and returns its reply, which must be the next message.</summary>
    public string Call(MessageType type, string payload, uint transaction = 0)
    {
        Send(type, payload, transaction);
        var reply = Receive();
        Assert.That(reply, Is.Not.Null, "the server must not close the connection");
        Assert.That(reply!.Value.Type, Is.AnyOf(type, MessageType.Error));
        return reply.Value.Payload;
    }

    public void Dispose() => _socket.Dispose();
}
