using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

/// <summary>A raw connection, for requests that no client sends and for the order of replies and events.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly MessageDecoder _decoder = new(payloadMax: 64 * 1024 * 1024);

    public RawConnection(string socketPath) => _socket.Connect(new UnixDomainSocketEndPoint(socketPath));

    public void Send(MessageType type, string payload, uint requestId = 1, uint transaction = 0, uint? length = null)
    {
        var bytes = Encoding.Latin1.GetBytes(payload);
        var message = new byte[Wire.HeaderSize + bytes.Length];
        uint[] header = [(uint)type, requestId, transaction, length ?? (uint)bytes.Length];
        Buffer.BlockCopy(header, 0, message, 0, Wire.HeaderSize);
        bytes.CopyTo(message, Wire.HeaderSize);
        _socket.Send(message);
    }

    /// <summary>Returns the next message as text with NULs as <c>|</c>, "closed" at the end, or "silence" if no message arrives for a while.</summary>
    public string Receive()
    {
        Message message;
        while (!_decoder.TryRead(out message))
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectRead))
                return "silence";
            int count;
            try
            {
                count = _socket.Receive(_decoder.FreeSpace().Span);
            }
            catch (SocketException)
            {
                return "closed";
            }
            if (count == 0)
                return "closed";
            _decoder.Received(count);
        }
        LastRequestId = message.RequestId;
        LastTransaction = message.TransactionId;
        var payload = Encoding.Latin1.GetString(message.Payload).Replace('\0', '|');
        return message.Type switch
        {
            MessageType.Error => payload.TrimEnd('|'),
            MessageType.WatchEvent => $"event {payload}",
            _ => payload,
        };
    }

    public uint LastRequestId { get; private set; }

    public uint LastTransaction { get; private set; }

    public string Call(MessageType type, string payload, uint transaction = 0)
    {
        Send(type, payload, transaction: transaction);
        return Receive();
    }

    public void Dispose() => _socket.Dispose();
}
