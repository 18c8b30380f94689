using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>
/// The content of a request. Its payload is a text with a NUL, and after that the data of the type. An empty text has a NUL too,
/// because oxenstored does not reply to an empty payload.
/// </summary>
internal readonly record struct Query(MessageType Type, string Text, ReadOnlyMemory<byte> Tail = default, uint Transaction = 0)
{
    /// <summary>The operation and the path, for a person.</summary>
    public string Description => Text.Length == 0 ? Name : $"{Name} {Printable.Escape(Text)}";

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
    /// Returns the size of the payload. Rejects a text with a NUL, which the daemon would take for its end, and a payload that is too
    /// long, for which the daemon would close the connection.
    /// </summary>
    /// <exception cref="XenStoreException"><c>EINVAL</c> or <c>E2BIG</c>, as a daemon would reply.</exception>
    /// <exception cref="ArgumentNullException">The text is <see langword="null"/>.</exception>
    public int Measure()
    {
        ArgumentNullException.ThrowIfNull(Text, "path");
        if (Text.Contains('\0', StringComparison.Ordinal))
            throw Rejected(XenStoreError.Invalid);
        var size = Encoding.UTF8.GetByteCount(Text) + 1 + Tail.Length;
        return size <= Wire.PayloadMax ? size : throw Rejected(XenStoreError.TooBig);
    }

    public void WriteTo(Span<byte> payload)
    {
        var length = Encoding.UTF8.GetBytes(Text, payload);
        payload[length] = 0;
        Tail.Span.CopyTo(payload[(length + 1)..]);
    }

    /// <summary>Returns the exception for a request that is not sent.</summary>
    public XenStoreException Rejected(XenStoreError error) => new(error, ErrorNames.NameOf(error), Description);
}
