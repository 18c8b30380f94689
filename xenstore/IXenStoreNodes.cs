namespace Actors.XenStore;

/// <summary>
/// What can be done to nodes, inside a transaction or outside one.
/// A path is absolute (<c>/local/domain/1/name</c>) or relative to the connection's own domain
/// (<c>name</c> is <c>/local/domain/0/name</c> for dom0).
/// Every failure that the store itself reports is a <see cref="XenStoreException"/>.
/// </summary>
public interface IXenStoreNodes
{
    /// <summary>The raw value of a node: no terminator is added or removed, and it may hold NULs.</summary>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.NotFound"/> when there is no such node.</exception>
    ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>As <see cref="ReadAsync"/>, with <see langword="null"/> in the place of <see cref="XenStoreError.NotFound"/>.</summary>
    ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>Writes a value, and makes the node and its parents where they are absent. At most 4096 bytes together with the path.</summary>
    ValueTask WriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellation = default);

    /// <summary>Makes an empty node and its parents; an existing node keeps its value.</summary>
    ValueTask MakeDirectoryAsync(string path, CancellationToken cancellation = default);

    /// <summary>Removes a node and everything below it. A missing leaf is no error; a missing parent is <see cref="XenStoreError.NotFound"/>.</summary>
    ValueTask RemoveAsync(string path, CancellationToken cancellation = default);

    /// <summary>The names of a node's children, in the store's order. However many: a list over one payload is fetched in parts.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default);

    /// <summary>A node's permissions. The first entry names the owner and what everyone else may do.</summary>
    ValueTask<NodePermissions> GetPermissionsAsync(string path, CancellationToken cancellation = default);

    /// <summary>As <see cref="GetPermissionsAsync"/>, with <see langword="null"/> in the place of <see cref="XenStoreError.NotFound"/>.</summary>
    ValueTask<NodePermissions?> TryGetPermissionsAsync(string path, CancellationToken cancellation = default);

    /// <summary>Replaces a node's permissions; allowed to its owner and to dom0.</summary>
    ValueTask SetPermissionsAsync(string path, NodePermissions permissions, CancellationToken cancellation = default);
}
