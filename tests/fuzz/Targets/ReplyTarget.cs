using System.Text;
using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.Fuzz.Targets;

/// <summary>The parsers of replies in the xenstore client. They may only report a malformed reply.</summary>
internal sealed class ReplyTarget : IFuzzTarget
{
    private static readonly Func<byte[], object?>[] Parsers =
    [
        payload => Replies.Names(payload).Count,
        payload => Replies.Part(payload).Names.Count,
        payload => Replies.Permissions(payload).ToString(),
        payload => Replies.Number(payload),
        payload => Replies.Boolean(payload),
        payload => Replies.Text(payload).Length,
        payload => PermissionFormat.TryParse(payload, out var permissions) && !PermissionFormat.ToBytes(permissions).AsSpan().IsEmpty,
    ];

    public string Name => "replies";

    public IReadOnlyList<byte[]> Seeds { get; } = [Bytes("a\0b\0"), Bytes("12\0a\0b\0\0"), Bytes("n0\0r7\0b-1\0"), Bytes("4294967295\0"), Bytes("T\0")];

    public IReadOnlyList<byte[]> Tokens { get; } = [Bytes("n0\0"), Bytes("w65535\0"), Bytes("99999999999"), Bytes("-1\0"), [0], [0, 0]];

    public int Run(byte[] input)
    {
        var behaviour = 0;
        foreach (var parser in Parsers)
            try
            {
                behaviour = HashCode.Combine(behaviour, parser(input) is not null);
            }
            catch (MalformedReplyException)
            {
                behaviour = HashCode.Combine(behaviour, false);
            }
        return HashCode.Combine(behaviour, Math.Min(input.Length, 64));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
