using System.Runtime.InteropServices;

namespace Actors.XenStore.Protocol;

/// <summary>
/// Bytes in, messages out, whatever the transport: receive into <see cref="FreeSpace"/>, say how much came with
/// <see cref="Received"/>, take messages with <see cref="TryRead"/> until there is none. Allocates nothing per message.
/// </summary>
/// <param name="payloadMax">
/// The longest payload to accept. oxenstored sends long directories in one reply, so a client allows more than <see cref="Wire.PayloadMax"/>.
/// </param>
/// <param name="capacity">Bytes of buffer to begin with. It grows only as bytes of a message which needs it have really come.</param>
internal sealed class MessageDecoder(int payloadMax = Wire.PayloadMax, int capacity = 16 * 1024)
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(capacity, Wire.HeaderSize + 1));
    private int _start;
    private int _end;

    /// <summary>A decoder that goes on where this one is, and leaves alone the payload that was handed out.</summary>
    public MessageDecoder Successor()
    {
        var successor = new MessageDecoder(payloadMax, _buffer.Length) { _end = Buffered };
        _buffer.AsSpan(_start, Buffered).CopyTo(successor._buffer);
        return successor;
    }

    /// <summary>How many bytes have been received and not been taken.</summary>
    public int Buffered => _end - _start;

    /// <summary>How many more bytes the next message needs at the least; 0 when it is complete.</summary>
    public int Missing
    {
        get
        {
            if (Buffered < Wire.HeaderSize)
                return Wire.HeaderSize - Buffered;
            return (int)Math.Clamp(Wire.HeaderSize + (long)PayloadLength - Buffered, 0, int.MaxValue);
        }
    }

    private uint PayloadLength => MemoryMarshal.Read<uint>(_buffer.AsSpan(_start + 12));

    /// <summary>Where the next bytes go; never empty. Ends the life of every payload that was handed out.</summary>
    public Memory<byte> FreeSpace()
    {
        if (_start == _end)
            _start = _end = 0;
        else if (_start > 0 && _buffer.Length - _end < Math.Max(Missing, 1))
        {
            _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return _buffer.AsMemory(_end);
    }

    /// <summary>That many bytes have been put at the start of <see cref="FreeSpace"/>.</summary>
    public void Received(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    /// <summary>Takes the next message, if it is complete.</summary>
    /// <exception cref="ProtocolException">The next header announces a payload over the limit.</exception>
    public bool TryRead(out Message message)
    {
        message = default;
        if (Buffered < Wire.HeaderSize)
            return false;
        var header = MemoryMarshal.Cast<byte, uint>(_buffer.AsSpan(_start, Wire.HeaderSize));
        var length = header[3];
        if (length > payloadMax)
            throw new ProtocolException($"A message announces a payload of {length} bytes; at most {payloadMax} are allowed.");
        if (Buffered - Wire.HeaderSize < length)
            return false;
        message = new Message((MessageType)header[0], header[1], header[2], _buffer.AsSpan(_start + Wire.HeaderSize, (int)length));
        _start += Wire.HeaderSize + (int)length;
        return true;
    }
}
