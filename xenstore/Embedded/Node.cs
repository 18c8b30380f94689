namespace Actors.XenStore.Embedded;

/// <summary>
/// One state of a node. It never changes: a write puts a new one in its place, so that a transaction keeps what it has seen for nothing.
/// </summary>
/// <param name="Path">Absolute.</param>
/// <param name="Value">Handed out only as a copy.</param>
/// <param name="Permissions">As they were set or inherited.</param>
/// <param name="PermissionsSince">
/// The generation at which they were set. An entry means the domain that had its domid then, and no later one with the same domid.
/// </param>
/// <param name="Children">The names of the nodes in it.</param>
/// <param name="Generation">Unique to this state; a transaction knows by it that nothing has changed.</param>
internal sealed record Node(
    string Path, byte[] Value, NodePermissions Permissions, ulong PermissionsSince, ChildNames Children, ulong Generation)
{
    /// <summary>What C xenstored keeps for a node beside its value and names: its record's head and 8 bytes an entry of permissions.</summary>
    private const int RecordHead = 24;
    private const int RecordEntry = 8;

    /// <summary>The bytes that count against the quota of a node's size.</summary>
    public int Size => RecordHead + RecordEntry * Permissions.Entries.Count + Value.Length + Children.Bytes.Length;
}
