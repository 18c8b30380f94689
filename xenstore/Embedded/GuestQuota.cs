namespace Actors.XenStore.Embedded;

/// <summary>
/// The quotas of a guest. They start with the defaults of C xenstored, and its <c>quota</c> control command prints and changes them.
/// dom0 has no quota. The caller must hold the lock.
/// </summary>
internal sealed class GuestQuota
{
    /// <summary>The number of nodes that a guest may own.</summary>
    public int Nodes { get; set; } = 1000;

    /// <summary>The number of watches of a guest. As in C xenstored, one more is accepted.</summary>
    public int Watches { get; set; } = 128;

    /// <summary>The number of open transactions of a connection. As in C xenstored, one more is accepted.</summary>
    public int Transactions { get; set; } = 10;

    /// <summary>The number of requests that a guest may have in flight. It has no effect here, because every request completes synchronously.</summary>
    public int Outstanding { get; set; } = 20;

    /// <summary>The number of nodes that one transaction may access.</summary>
    public int TransactionNodes { get; set; } = 1024;

    /// <summary>The memory of a guest's nodes, watches and open transactions, in bytes.</summary>
    public int Memory { get; set; } = 2_621_440;

    /// <summary>The size of a node in bytes: value, permissions and names of children.</summary>
    public int NodeSize { get; set; } = 2048;

    /// <summary>The length of a path in characters, not counting the home of a domain.</summary>
    public int PathMax { get; set; } = Protocol.Wire.RelativePathMax;

    /// <summary>The number of entries in the permissions of a node.</summary>
    public int Permissions { get; set; } = 5;

    /// <summary>The memory of a guest, in bytes, above which C xenstored logs a warning.</summary>
    public int SoftMemory { get; set; } = 2_097_152;
}
