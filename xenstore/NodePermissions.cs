namespace Actors.XenStore;

/// <summary>What a domain may do to a node: the letters of the wire format (<c>n r w b</c>, xen/io/xs_wire.h).</summary>
[Flags]
public enum NodeAccess
{
    /// <summary><c>n</c>: nothing.</summary>
    None = 0,

    /// <summary><c>r</c>: read.</summary>
    Read = 1,

    /// <summary><c>w</c>: write.</summary>
    Write = 2,

    /// <summary><c>b</c>: read and write.</summary>
    Both = Read | Write,
}

/// <summary>One entry of a node's permissions.</summary>
/// <param name="Domid">Whom it is about.</param>
/// <param name="Access">What that domain may do.</param>
public readonly record struct NodePermission(int Domid, NodeAccess Access)
{
    /// <summary>The wire format, for example <c>r7</c>.</summary>
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
/// A node's permissions: the first entry's domain owns the node (and may do anything to it), and the first entry's access is
/// what every domain has that no later entry names. dom0 may do anything to any node.
/// </summary>
public sealed class NodePermissions : IEquatable<NodePermissions>
{
    /// <summary>Makes permissions from entries, the owner's first.</summary>
    /// <exception cref="ArgumentException">There is no entry.</exception>
    public NodePermissions(params IReadOnlyList<NodePermission> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
            throw new ArgumentException("A node's permissions need at least the owner's entry.", nameof(entries));
        Entries = [.. entries];
    }

    /// <summary>All entries, the owner's first.</summary>
    public IReadOnlyList<NodePermission> Entries { get; }

    /// <summary>The domain that owns the node.</summary>
    public int Owner => Entries[0].Domid;

    /// <summary>What a domain may do.</summary>
    public NodeAccess For(int domid)
    {
        if (domid == 0 || domid == Owner)
            return NodeAccess.Both;
        foreach (var entry in Entries.Skip(1))
            if (entry.Domid == domid)
                return entry.Access;
        return Entries[0].Access;
    }

    /// <summary>Whether any domain but dom0 could write the node.</summary>
    public bool WritableByGuests =>
        Owner != 0 || Entries[0].Access.HasFlag(NodeAccess.Write)
        || Entries.Skip(1).Any(entry => entry.Domid != 0 && entry.Access.HasFlag(NodeAccess.Write));

    /// <inheritdoc/>
    public bool Equals(NodePermissions? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodePermissions);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(0, HashCode.Combine);

    /// <summary>The entries in wire format with a comma between, for example <c>n0,r7</c>.</summary>
    public override string ToString() => string.Join(',', Entries);
}
