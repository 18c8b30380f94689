namespace Actors.XenStore.Embedded;

/// <summary>
/// One state of a node. It is immutable: a write replaces it, so a transaction can keep the state that it has seen at no cost.
/// </summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Value">The value. Callers outside get only a copy.</param>
/// <param name="Permissions">The permissions that were set or inherited.</param>
/// <param name="PermissionsSince">
/// The generation at which the permissions were set. An entry applies to the domain that had its domid then, not to a later domain with the same domid.
/// </param>
/// <param name="Children">The names of the children.</param>
/// <param name="Generation">The unique number of this state. A transaction compares it to detect changes.</param>
internal sealed record Node(
    string Path, byte[] Value, NodePermissions Permissions, ulong PermissionsSince, ChildNames Children, ulong Generation)
{
    /// <summary>The size of the header of a node's record in C xenstored. Each permission entry adds 8 bytes.</summary>
    private const int RecordHead = 24;
    private const int RecordEntry = 8;

    /// <summary>The memory of the node in bytes: its path and its record.</summary>
    public int Memory => Path.Length + Size;

    /// <summary>The size of the node in bytes, as the quota counts it.</summary>
    public int Size => RecordHead + RecordEntry * Permissions.Entries.Count + Value.Length + Children.Bytes.Length;
}
