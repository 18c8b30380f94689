using System.Buffers.Binary;

namespace Actors.Isolation.Wire;

/// <summary>
/// One message between the daemon and a child process. On the wire: the length of what follows (4 bytes), the kind (1), the verb (1), the
/// number (8), and the body, JSON in UTF-8. All numbers are little-endian.
/// </summary>
/// <param name="Kind">What the frame is.</param>
/// <param name="Verb">What is requested. Unused in a reply, an error and a cancellation.</param>
/// <param name="Number">The number of the request; 0 in a notice.</param>
/// <param name="Body">JSON in UTF-8; may be empty.</param>
internal readonly record struct Frame(FrameKind Kind, Verb Verb, long Number, ReadOnlyMemory<byte> Body)
{
    /// <summary>The largest body. A peer that sends more is not followed any further.</summary>
    public const int MaxBody = 1 << 20;

    private const int LengthBytes = 4;
    private const int HeaderBytes = 10;

    public byte[] Encode()
    {
        if (Body.Length > MaxBody)
            throw new WireException($"a message of {Body.Length} bytes is too large; the limit is {MaxBody}");
        var bytes = new byte[LengthBytes + HeaderBytes + Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, HeaderBytes + Body.Length);
        bytes[LengthBytes] = (byte)Kind;
        bytes[LengthBytes + 1] = (byte)Verb;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LengthBytes + 2), Number);
        Body.Span.CopyTo(bytes.AsSpan(LengthBytes + HeaderBytes));
        return bytes;
    }

    /// <summary>Reads one frame; <see langword="null"/> at the end of the stream.</summary>
    /// <exception cref="WireException">The peer did not send a frame.</exception>
    public static Frame? Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[LengthBytes + HeaderBytes];
        var got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got == 0)
            return null;
        if (got < header.Length)
            throw new WireException($"the stream ended after {got} bytes of a header") { AtEnd = true };
        var body = BinaryPrimitives.ReadInt32LittleEndian(header) - HeaderBytes;
        if (body is < 0 or > MaxBody)
            throw new WireException($"a frame announces {body} bytes; the limit is {MaxBody}");
        var (kind, verb) = ((FrameKind)header[LengthBytes], (Verb)header[LengthBytes + 1]);
        if (kind is < FrameKind.Request or > FrameKind.Notice || !Enum.IsDefined(verb))
            throw new WireException($"a frame has the unknown kind {(byte)kind} or verb {(byte)verb}");
        var bytes = body == 0 ? [] : new byte[body];
        if (stream.ReadAtLeast(bytes, body, throwOnEndOfStream: false) < body)
            throw new WireException("the stream ended inside a frame") { AtEnd = true };
        return new Frame(kind, verb, BinaryPrimitives.ReadInt64LittleEndian(header[(LengthBytes + 2)..]), bytes);
    }
}
