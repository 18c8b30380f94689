using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>
/// What to ask: every request's payload is a text with its NUL (even an empty one: oxenstored answers no empty payload), and
/// after it whatever the type wants.
/// </summary>
internal readonly record struct Query(MessageType Type, string Text, ReadOnlyMemory<byte> Tail = default, uint Transaction = 0)
{
    /// <summary>Its operation and path, for a person.</summary>
    public string Description => Text.Length == 0 ? Name : $"{Name} {Text}";

    private string Name => Type switch
    {
        MessageType.GetPermissions => "GET_PERMS",
        MessageType.SetPermissions => "SET_PERMS",
        MessageType.MakeDirectory => "MKDIR",
        MessageType.Remove => "RM",
        MessageType.TransactionStart => "TRANSACTION_START",
        MessageType.TransactionEnd => "TRANSACTION_END",
        MessageType.GetDomainPath => "GET_DOMAIN_PATH",
        MessageType.IsDomainIntroduced => "IS_DOMAIN_INTRODUCED",
        MessageType.SetTarget => "SET_TARGET",
        MessageType.ResetWatches => "RESET_WATCHES",
        MessageType.DirectoryPart => "DIRECTORY_PART",
        _ => Type.ToString().ToUpperInvariant(),
    };

    /// <summary>
    /// The payload's size. Refuses what no message can carry: the daemon would take a NUL for the end, and hang up on a payload
    /// that is too long.
    /// </summary>
    /// <exception cref="XenStoreException">As the daemon would say it: <c>EINVAL</c> or <c>E2BIG</c>.</exception>
    public int Measure()
    {
        if (Text.Contains('\0', StringComparison.Ordinal))
            throw Refused(XenStoreError.Invalid);
        var size = Encoding.UTF8.GetByteCount(Text) + 1 + Tail.Length;
        return size <= Wire.PayloadMax ? size : throw Refused(XenStoreError.TooBig);
    }

    public void WriteTo(Span<byte> payload)
    {
        var length = Encoding.UTF8.GetBytes(Text, payload);
        payload[length] = 0;
        Tail.Span.CopyTo(payload[(length + 1)..]);
    }

    private XenStoreException Refused(XenStoreError error) => new(error, ErrorNames.NameOf(error), Description);
}
