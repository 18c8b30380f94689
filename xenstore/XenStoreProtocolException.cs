namespace Actors.XenStore;

/// <summary>The other side broke the wire protocol (xen/io/xs_wire.h): a message that nobody requested, or a reply that cannot be parsed.</summary>
/// <param name="message">The description of the error.</param>
/// <param name="request">The request whose reply was malformed, or <see langword="null"/>.</param>
public sealed class XenStoreProtocolException(string message, string? request = null)
    : Exception(request is null ? message : $"xenstore: {request}: {message}")
{
    /// <summary>The operation and the path of the request whose reply was malformed. It is <see langword="null"/> if no request is affected.</summary>
    public string? Request { get; } = request;
}
