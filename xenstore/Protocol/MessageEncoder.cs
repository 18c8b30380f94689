using System.Runtime.InteropServices;

namespace Actors.XenStore.Protocol;

/// <summary>
/// Turns messages into bytes. Keeps all messages that were added and not yet sent in one buffer, so that one send can take
/// them all. Allocates nothing per message once the buffer is large enough.
/// </summary>
internal sealed class MessageEncoder
{
    private const int SmallBuffer = 4 * 1024;
    private const int LargestKept = 64 * 1024;

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(SmallBuffer);
    private int _start;
    private int _end;

    /// <summary>The number of bytes that wait to be sent.</summary>
    public int Length => _end - _start;

    /// <summary>The total number of bytes that were added.</summary>
    public long Added { get; private set; }

    /// <summary>The total number of bytes that were sent.</summary>
    public long Sent => Added - Length;

    /// <summary>The bytes that wait to be sent. They are valid until a message is added.</summary>
    public ReadOnlyMemory<byte> Pending => _buffer.AsMemory(_start, Length);

    /// <summary>Adds a message and returns its payload, which the caller must fill immediately.</summary>
    public Span<byte> Add(MessageType type, uint requestId, uint transactionId, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        var size = Wire.HeaderSize + payloadLength;
        if (_buffer.Length - _end < size)
            MakeRoom(size);
        var header = MemoryMarshal.Cast<byte, uint>(_buffer.AsSpan(_end, Wire.HeaderSize));
        header[0] = (uint)type;
        header[1] = requestId;
        header[2] = transactionId;
        header[3] = (uint)payloadLength;
        var payload = _buffer.AsSpan(_end + Wire.HeaderSize, payloadLength);
        _end += size;
        Added += size;
        return payload;
    }

    /// <summary>Adds a message.</summary>
    public void Add(MessageType type, uint requestId, uint transactionId, ReadOnlySpan<byte> payload) =>
        payload.CopyTo(Add(type, requestId, transactionId, payload.Length));

    /// <summary>Removes the first bytes of <see cref="Pending"/>, which were sent.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        _start += count;
        if (_start < _end)
            return;
        _start = _end = 0;
        if (_buffer.Length > LargestKept)
            _buffer = GC.AllocateUninitializedArray<byte>(SmallBuffer);
    }

    private void MakeRoom(int size)
    {
        var target = Length + size <= _buffer.Length / 2
            ? _buffer
            : GC.AllocateUninitializedArray<byte>(Math.Max(_buffer.Length * 2, Length + size));
        _buffer.AsSpan(_start, Length).CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}
