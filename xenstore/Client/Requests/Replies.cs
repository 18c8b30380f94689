using System.Buffers.Text;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Parses the payloads of replies. Each parser is one static object, because creating one per request would allocate.</summary>
internal static class Replies
{
    public static readonly ReplyParser<bool> Nothing = _ => true;
    public static readonly ReplyParser<byte[]> Bytes = payload => payload.ToArray();
    public static readonly ReplyParser<string> Text = payload => Encoding.UTF8.GetString(payload.TrimEnd((byte)0));
    public static readonly ReplyParser<IReadOnlyList<string>> Names = payload => ReadNames(payload);
    public static readonly ReplyParser<DirectoryPart> Part = ReadPart;

    public static readonly ReplyParser<NodePermissions> Permissions = payload =>
        PermissionFormat.TryParse(payload, out var permissions) ? permissions : throw Malformed("permissions", payload);

    public static readonly ReplyParser<uint> Number = payload =>
        payload is [>= (byte)'0' and <= (byte)'9', .., 0] && Utf8Parser.TryParse(payload, out uint number, out var used) && used == payload.Length - 1
            ? number
            : throw Malformed("a number", payload);

    /// <summary>Parses <c>T</c> or <c>F</c>.</summary>
    public static readonly ReplyParser<bool> Boolean = payload =>
        payload is [(byte)'T' or (byte)'F', 0] ? payload[0] == 'T' : throw Malformed("T or F", payload);

    private static List<string> ReadNames(ReadOnlySpan<byte> payload)
    {
        var names = new List<string>();
        var reader = new PayloadReader(payload);
        while (reader.TryRead(out var name))
            names.Add(Encoding.UTF8.GetString(name));
        return reader.Rest.IsEmpty ? names : throw Malformed("a list of names", payload);
    }

    /// <summary>Parses <c>GENERATION|0 NAME|0 NAME|0 …</c>, with an empty name after the last child (docs/misc/xenstore.txt).</summary>
    private static DirectoryPart ReadPart(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (!reader.TryRead(out var generation))
            throw Malformed("a part of a directory", payload);
        var bytes = reader.Rest;
        var isLast = bytes is [] or [0] or [.., 0, 0];
        return new DirectoryPart(
            Encoding.ASCII.GetString(generation), ReadNames(isLast && !bytes.IsEmpty ? bytes[..^1] : bytes), bytes.Length, isLast);
    }

    private static MalformedReplyException Malformed(string expected, ReadOnlySpan<byte> payload) =>
        new($"the daemon sent a reply of {payload.Length} bytes that is not {expected}");
}

/// <summary>A parser cannot parse a reply. The request turns it into a <see cref="XenStoreProtocolException"/> with its path.</summary>
internal sealed class MalformedReplyException(string message) : Exception(message);

/// <summary>A part of a node's children.</summary>
/// <param name="Generation">A number that changes when the children change.</param>
/// <param name="Names">The children in this part.</param>
/// <param name="Bytes">The number of bytes of the names with their NULs. The next part starts so many bytes later.</param>
/// <param name="IsLast">Whether this is the last part.</param>
internal sealed record DirectoryPart(string Generation, IReadOnlyList<string> Names, int Bytes, bool IsLast);
