namespace Actors.XenStore.Protocol;

/// <summary>The constants of the wire protocol (xen/io/xs_wire.h).</summary>
internal static class Wire
{
    /// <summary>The size of a header in bytes. It has the type, request id, transaction id and payload length, 32 bits each, in the machine's byte order.</summary>
    public const int HeaderSize = 16;

    /// <summary>The longest payload, in bytes (<c>XENSTORE_PAYLOAD_MAX</c>).</summary>
    public const int PayloadMax = 4096;

    /// <summary>The longest absolute path, in bytes (<c>XENSTORE_ABS_PATH_MAX</c>).</summary>
    public const int AbsolutePathMax = 3072;

    /// <summary>The longest relative path, in bytes (<c>XENSTORE_REL_PATH_MAX</c>).</summary>
    public const int RelativePathMax = 2048;

    /// <summary>The payload of a successful reply without data: <c>OK</c> and a NUL.</summary>
    public static ReadOnlySpan<byte> Ok => "OK\0"u8;
}
