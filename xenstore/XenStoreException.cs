namespace Actors.XenStore;

/// <summary>The errors that a store reports. The wire carries them as names (xen/io/xs_wire.h, <c>xsd_errors</c>).</summary>
public enum XenStoreError
{
    /// <summary>An error that this library does not know. <see cref="XenStoreException.ErrorName"/> has its name.</summary>
    Other,

    /// <summary><c>EINVAL</c>: the request or its path is malformed.</summary>
    Invalid,

    /// <summary><c>EACCES</c>: the domain of this connection does not have the permission.</summary>
    AccessDenied,

    /// <summary><c>EEXIST</c>: the watch exists already.</summary>
    Exists,

    /// <summary><c>EISDIR</c>.</summary>
    IsDirectory,

    /// <summary><c>ENOENT</c>: the node, watch, transaction or domain does not exist.</summary>
    NotFound,

    /// <summary><c>ENOMEM</c>.</summary>
    OutOfMemory,

    /// <summary><c>ENOSPC</c>: the request exceeds a quota of the guest.</summary>
    NoSpace,

    /// <summary><c>EIO</c>.</summary>
    Io,

    /// <summary><c>ENOTEMPTY</c>.</summary>
    NotEmpty,

    /// <summary><c>ENOSYS</c>: the daemon does not support this request.</summary>
    NotImplemented,

    /// <summary><c>EROFS</c>.</summary>
    ReadOnly,

    /// <summary><c>EBUSY</c>: the request would begin a transaction inside another one.</summary>
    Busy,

    /// <summary><c>EAGAIN</c>: a change outside conflicts with the transaction.</summary>
    TryAgain,

    /// <summary><c>EISCONN</c>: the domain is already introduced.</summary>
    AlreadyConnected,

    /// <summary><c>E2BIG</c>: the data does not fit in one message, or the guest has too many watches.</summary>
    TooBig,

    /// <summary><c>EPERM</c>.</summary>
    NotPermitted,

    /// <summary><c>EQUOTA</c>: the request exceeds a quota. Only oxenstored uses this name.</summary>
    QuotaExceeded,
}

/// <summary>The store replied to a request with an error.</summary>
public sealed class XenStoreException(XenStoreError error, string errorName, string request)
    : Exception($"xenstore: {request}: {errorName}")
{
    /// <summary>The error.</summary>
    public XenStoreError Error { get; } = error;

    /// <summary>The name of the error on the wire, for example <c>ENOENT</c>.</summary>
    public string ErrorName { get; } = errorName;

    /// <summary>A description of the request for a person: the operation and the path.</summary>
    public string Request { get; } = request;
}

/// <summary>The connection to the store was lost, or could not be established.</summary>
public sealed class XenStoreConnectionException(string message, RequestFate fate, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Whether the store may have executed the request that failed.</summary>
    public RequestFate Fate { get; } = fate;
}

/// <summary>Whether the store may have executed a request whose connection was lost.</summary>
public enum RequestFate
{
    /// <summary>The store did not execute the request.</summary>
    NotSent,

    /// <summary>The request was sent and no reply arrived, so the store may have executed it.</summary>
    Unknown,
}
