namespace Actors.XenStore;

/// <summary>The errors that a store reports, by what they mean; the wire carries their names (xen/io/xs_wire.h, <c>xsd_errors</c>).</summary>
public enum XenStoreError
{
    /// <summary>A name that this library does not know; <see cref="XenStoreException.ErrorName"/> has it.</summary>
    Other,

    /// <summary><c>EINVAL</c>: a malformed request or path.</summary>
    Invalid,

    /// <summary><c>EACCES</c>: this connection's domain may not do that.</summary>
    AccessDenied,

    /// <summary><c>EEXIST</c>: it exists already.</summary>
    Exists,

    /// <summary><c>EISDIR</c>.</summary>
    IsDirectory,

    /// <summary><c>ENOENT</c>: there is no such node, watch or transaction.</summary>
    NotFound,

    /// <summary><c>ENOMEM</c>.</summary>
    OutOfMemory,

    /// <summary><c>ENOSPC</c>: a guest's quota of nodes or of node size is used up.</summary>
    NoSpace,

    /// <summary><c>EIO</c>.</summary>
    Io,

    /// <summary><c>ENOTEMPTY</c>.</summary>
    NotEmpty,

    /// <summary><c>ENOSYS</c>: the daemon does not know this request.</summary>
    NotImplemented,

    /// <summary><c>EROFS</c>.</summary>
    ReadOnly,

    /// <summary><c>EBUSY</c>: a transaction in a transaction.</summary>
    Busy,

    /// <summary><c>EAGAIN</c>: the transaction lost against a change outside.</summary>
    TryAgain,

    /// <summary><c>EISCONN</c>: the domain is introduced already.</summary>
    AlreadyConnected,

    /// <summary><c>E2BIG</c>: too long for one message, or too many watches.</summary>
    TooBig,

    /// <summary><c>EPERM</c>.</summary>
    NotPermitted,

    /// <summary><c>EQUOTA</c>, oxenstored's own word for a used-up quota.</summary>
    QuotaExceeded,
}

/// <summary>The store answered a request with an error.</summary>
public sealed class XenStoreException(XenStoreError error, string errorName, string request)
    : Exception($"xenstore: {request}: {errorName}")
{
    /// <summary>What went wrong.</summary>
    public XenStoreError Error { get; } = error;

    /// <summary>The name as the wire carried it, for example <c>ENOENT</c>.</summary>
    public string ErrorName { get; } = errorName;

    /// <summary>What was asked, for a person: the operation and the path.</summary>
    public string Request { get; } = request;
}

/// <summary>The connection to the store was lost, or could not be made.</summary>
public sealed class XenStoreConnectionException(string message, RequestFate fate, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Whether the request that failed may have been carried out.</summary>
    public RequestFate Fate { get; } = fate;
}

/// <summary>What may have become of a request whose connection was lost.</summary>
public enum RequestFate
{
    /// <summary>It never left: nothing happened.</summary>
    NotSent,

    /// <summary>It was sent, and no answer came: it may have happened.</summary>
    Unknown,
}
