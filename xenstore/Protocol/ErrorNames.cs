using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Actors.XenStore.Protocol;

/// <summary>The names of the errors on the wire (<c>xsd_errors</c>, xen/io/xs_wire.h; only oxenstored uses <c>EQUOTA</c>).</summary>
internal static class ErrorNames
{
    /// <summary>The characters of error names.</summary>
    public static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8);

    private static readonly FrozenDictionary<XenStoreError, string> Names = new Dictionary<XenStoreError, string>
    {
        [XenStoreError.Invalid] = "EINVAL",
        [XenStoreError.AccessDenied] = "EACCES",
        [XenStoreError.Exists] = "EEXIST",
        [XenStoreError.IsDirectory] = "EISDIR",
        [XenStoreError.NotFound] = "ENOENT",
        [XenStoreError.OutOfMemory] = "ENOMEM",
        [XenStoreError.NoSpace] = "ENOSPC",
        [XenStoreError.Io] = "EIO",
        [XenStoreError.NotEmpty] = "ENOTEMPTY",
        [XenStoreError.NotImplemented] = "ENOSYS",
        [XenStoreError.ReadOnly] = "EROFS",
        [XenStoreError.Busy] = "EBUSY",
        [XenStoreError.TryAgain] = "EAGAIN",
        [XenStoreError.AlreadyConnected] = "EISCONN",
        [XenStoreError.TooBig] = "E2BIG",
        [XenStoreError.NotPermitted] = "EPERM",
        [XenStoreError.QuotaExceeded] = "EQUOTA",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, XenStoreError> Errors = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly FrozenDictionary<XenStoreError, byte[]> Payloads =
        Names.ToFrozenDictionary(pair => pair.Key, pair => Encoding.ASCII.GetBytes(pair.Value + "\0"));

    /// <summary>Returns the name of an error other than <see cref="XenStoreError.Other"/>.</summary>
    public static string NameOf(XenStoreError error) => Names[error];

    /// <summary>Returns the error with a name, or <see cref="XenStoreError.Other"/> if the name is unknown.</summary>
    public static XenStoreError FromName(string name) => Errors.GetValueOrDefault(name, XenStoreError.Other);

    /// <summary>Returns the payload of an error message: the name and a NUL.</summary>
    public static ReadOnlySpan<byte> PayloadOf(XenStoreError error) => Payloads[error];
}
