namespace Actors.XenStore;

/// <summary>The access that a domain has to a node: the letters of the wire format (<c>n r w b</c>, xen/io/xs_wire.h).</summary>
[Flags]
public enum NodeAccess
{
    /// <summary><c>n</c>: no access.</summary>
    None = 0,

    /// <summary><c>r</c>: read.</summary>
    Read = 1,

    /// <summary><c>w</c>: write.</summary>
    Write = 2,

    /// <summary><c>b</c>: read and write.</summary>
    Both = Read | Write,
}

/// <summary>One entry of a node's permissions.</summary>
/// <param name="Domid">The domain that the entry is about.</param>
/// <param name="Access">The access of that domain.</param>
public readonly record struct NodePermission(int Domid, NodeAccess Access)
{
    /// <summary>Whether the domid is in the range of the protocol (0 to 65535) and the access is one of its letters.</summary>
    internal bool IsValid => Protocol.Domids.IsValid(Domid) && (Access & ~NodeAccess.Both) == 0;

    /// <summary>Formats the entry as on the wire, for example <c>r7</c>.</summary>
    public override string ToString() => $"{Letter}{Domid}";

    private char Letter => Access switch
    {
        NodeAccess.Read => 'r',
        NodeAccess.Write => 'w',
        NodeAccess.Both => 'b',
        _ => 'n',
    };
}

/// <summary>
/// The permissions of a node. The domain of the first entry owns the node and has full access to it. The access of the first
/// entry applies to every domain that no later entry names. dom0 has full access to every node.
/// </summary>
public sealed class NodePermissions : IEquatable<NodePermissions>
{
    /// <summary>Creates permissions from entries. The first entry is the owner's.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public NodePermissions(params IReadOnlyList<NodePermission> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
            throw new ArgumentException("The permissions of a node need at least the owner's entry.", nameof(entries));
        Entries = [.. entries];
    }

    /// <summary>All entries. The first one is the owner's.</summary>
    public IReadOnlyList<NodePermission> Entries { get; }

    /// <summary>The domain that owns the node.</summary>
    public int Owner => Entries[0].Domid;

    /// <summary>Returns the access of a domain.</summary>
    public NodeAccess For(int domid)
    {
        if (domid == 0 || domid == Owner)
            return NodeAccess.Both;
        foreach (var entry in Entries.Skip(1))
            if (entry.Domid == domid)
                return entry.Access;
        return Entries[0].Access;
    }

    /// <summary>Whether any domain other than dom0 can write the node.</summary>
    public bool WritableByGuests =>
        Owner != 0 || Entries[0].Access.HasFlag(NodeAccess.Write)
        || Entries.Skip(1).Any(entry => entry.Domid != 0 && entry.Access.HasFlag(NodeAccess.Write));

    /// <inheritdoc/>
    public bool Equals(NodePermissions? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodePermissions);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(0, HashCode.Combine);

    /// <summary>Formats the entries as on the wire, separated by commas, for example <c>n0,r7</c>.</summary>
    public override string ToString() => string.Join(',', Entries);
}
