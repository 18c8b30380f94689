using System.Runtime.InteropServices;

namespace Actors.XenStore.Protocol;

/// <summary>
/// Turns bytes into messages, for any transport: receive into <see cref="FreeSpace"/>, report the number of bytes with
/// <see cref="Received"/>, and call <see cref="TryRead"/> until it returns false. Allocates nothing per message.
/// </summary>
/// <param name="payloadMax">
/// The longest payload to accept, in bytes. oxenstored sends long directories in one reply, so a client allows more than <see cref="Wire.PayloadMax"/>.
/// </param>
/// <param name="capacity">The initial size of the buffer, in bytes. It grows only when the bytes of a longer message have arrived.</param>
internal sealed class MessageDecoder(int payloadMax = Wire.PayloadMax, int capacity = 16 * 1024)
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(capacity, Wire.HeaderSize + 1));
    private int _start;
    private int _end;

    /// <summary>Creates a decoder that continues at the same position. It does not overwrite the payload that this one returned last.</summary>
    public MessageDecoder Successor()
    {
        var successor = new MessageDecoder(payloadMax, _buffer.Length) { _end = Buffered };
        _buffer.AsSpan(_start, Buffered).CopyTo(successor._buffer);
        return successor;
    }

    /// <summary>The number of bytes that were received and not yet read as messages.</summary>
    public int Buffered => _end - _start;

    /// <summary>The minimum number of bytes that the next message still needs. It is 0 if the message is complete.</summary>
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

    /// <summary>Returns the memory for the next bytes, which is never empty. Invalidates every payload that was returned.</summary>
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

    /// <summary>Reports that so many bytes were written at the start of <see cref="FreeSpace"/>.</summary>
    public void Received(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    /// <summary>Reads the next message if it is complete.</summary>
    /// <exception cref="XenStoreProtocolException">The next header announces a payload longer than the limit.</exception>
    public bool TryRead(out Message message)
    {
        message = default;
        if (Buffered < Wire.HeaderSize)
            return false;
        var header = MemoryMarshal.Cast<byte, uint>(_buffer.AsSpan(_start, Wire.HeaderSize));
        var length = header[3];
        if (length > payloadMax)
            throw new XenStoreProtocolException($"A message announces a payload of {length} bytes, but at most {payloadMax} are allowed.");
        if (Buffered - Wire.HeaderSize < length)
            return false;
        message = new Message((MessageType)header[0], header[1], header[2], _buffer.AsSpan(_start + Wire.HeaderSize, (int)length));
        _start += Wire.HeaderSize + (int)length;
        return true;
    }
}
