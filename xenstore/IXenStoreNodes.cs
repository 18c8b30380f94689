namespace Actors.XenStore;

/// <summary>
/// The operations on nodes, inside or outside a transaction.
/// A path is absolute (<c>/local/domain/1/name</c>) or relative to the domain of the connection
/// (<c>name</c> is <c>/local/domain/0/name</c> for dom0).
/// An error that the store itself reports is a <see cref="XenStoreException"/>.
/// </summary>
public interface IXenStoreNodes
{
    /// <summary>Reads the raw value of a node. No terminator is added or removed, and the value may contain NULs.</summary>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.NotFound"/> if the node does not exist.</exception>
    ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>Reads like <see cref="ReadAsync"/>, but returns <see langword="null"/> if the node does not exist.</summary>
    ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellation = default);

    /// <summary>Writes a value. Creates the node and its parents if they do not exist. Path, NUL and value have at most 4096 bytes together.</summary>
    ValueTask WriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellation = default);

    /// <summary>Creates an empty node and its missing parents. An existing node keeps its value.</summary>
    ValueTask MakeDirectoryAsync(string path, CancellationToken cancellation = default);

    /// <summary>Removes a node and everything below it. A missing node is no error, but a missing parent is <see cref="XenStoreError.NotFound"/>.</summary>
    ValueTask RemoveAsync(string path, CancellationToken cancellation = default);

    /// <summary>Lists the names of a node's children in the order of the store. A list that does not fit in one message is fetched in parts.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default);

    /// <summary>Reads the permissions of a node. The first entry names the owner and the access of every domain without an entry.</summary>
    ValueTask<NodePermissions> GetPermissionsAsync(string path, CancellationToken cancellation = default);

    /// <summary>Reads like <see cref="GetPermissionsAsync"/>, but returns <see langword="null"/> if the node does not exist.</summary>
    ValueTask<NodePermissions?> TryGetPermissionsAsync(string path, CancellationToken cancellation = default);

    /// <summary>Replaces the permissions of a node. Only its owner and dom0 may do that.</summary>
    ValueTask SetPermissionsAsync(string path, NodePermissions permissions, CancellationToken cancellation = default);
}
