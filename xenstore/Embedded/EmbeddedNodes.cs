using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>The operations on nodes of a connection within this process, inside or outside a transaction. Every call completes synchronously.</summary>
internal abstract class EmbeddedNodes(EmbeddedXenStore store) : IXenStoreNodes
{
    protected EmbeddedXenStore Store { get; } = store;

    protected abstract Session Session { get; }

    /// <summary>Returns the nodes as this connection or transaction sees them.</summary>
    /// <exception cref="ObjectDisposedException">The connection or the transaction has ended.</exception>
    protected abstract NodeView View();

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellation = default) =>
        Get(path, "read", static node => (byte[])node.Value.Clone(), cancellation);

    public ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellation = default) =>
        TryGet(path, "read", static node => (byte[])node.Value.Clone(), cancellation);

    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length + 1 + value.Length > Wire.PayloadMax)
            return Done(XenStoreError.TooBig, "write", path);
        using (Store.Enter())
            return Done(NodeOperations.Write(Session, View(), Resolve(path, "write"), value.ToArray()), "write", path);
    }

    public ValueTask MakeDirectoryAsync(string path, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
            return Done(NodeOperations.MakeDirectory(Session, View(), Resolve(path, "mkdir")), "mkdir", path);
    }

    public ValueTask RemoveAsync(string path, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
            return Done(NodeOperations.Remove(Session, View(), Resolve(path, "rm")), "rm", path);
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) =>
        Get<IReadOnlyList<string>>(path, "directory", static node => node.Children.ToArray(), cancellation);

    public ValueTask<NodePermissions> GetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        Get(path, "get permissions", static node => node.Permissions, cancellation);

    public ValueTask<NodePermissions?> TryGetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        TryGet(path, "get permissions", static node => node.Permissions, cancellation);

    public ValueTask SetPermissionsAsync(string path, NodePermissions permissions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (Store.Enter())
            return Done(
                NodeOperations.SetPermissions(Session, View(), Store.Domains, Resolve(path, "set permissions"), permissions), "set permissions", path);
    }

    internal static ValueTask Done(XenStoreError? error, string request, string path) =>
        error is null ? ValueTask.CompletedTask : ValueTask.FromException(Exception(error.Value, request, path));

    protected static XenStoreException Exception(XenStoreError error, string request, string path) =>
        new(error, ErrorNames.NameOf(error), $"{request} {Printable.Escape(path)}");

    private ValueTask<T> Get<T>(string path, string request, Func<Node, T> part, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellation);
        var error = Find(path, request, out var node);
        return error is null ? new(part(node)) : ValueTask.FromException<T>(Exception(error.Value, request, path));
    }

    private ValueTask<T?> TryGet<T>(string path, string request, Func<Node, T> part, CancellationToken cancellation) where T : class
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<T?>(cancellation);
        return Find(path, request, out var node) switch
        {
            null => new(part(node)),
            XenStoreError.NotFound => new((T?)null),
            var error => ValueTask.FromException<T?>(Exception(error.Value, request, path)),
        };
    }

    private XenStoreError? Find(string path, string request, out Node node)
    {
        using (Store.Enter())
            return NodeOperations.Find(Session, View(), Resolve(path, request), NodeAccess.Read, out node);
    }

    /// <exception cref="XenStoreException">No message could carry the path.</exception>
    private string Resolve(string path, string request)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Encoding.UTF8.GetByteCount(path) < Wire.PayloadMax
            ? PathRules.Resolve(path, Session.Domain.Domid)
            : throw Exception(XenStoreError.TooBig, request, path);
    }
}
