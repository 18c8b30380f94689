namespace Actors.XenStore.Embedded;

/// <summary>The quotas of a guest: the defaults of C xenstored (its <c>quota</c> control command prints them). dom0 has no quota.</summary>
internal static class GuestQuota
{
    /// <summary>The number of nodes that a guest may own.</summary>
    public const int Nodes = 1000;

    /// <summary>The size of a node in bytes: value, permissions and names of children.</summary>
    public const int NodeSize = 2048;

    /// <summary>The number of watches of a guest. As in C xenstored, one more is accepted.</summary>
    public const int Watches = 128;

    /// <summary>The number of open transactions of a connection. As in C xenstored, one more is accepted.</summary>
    public const int Transactions = 10;

    /// <summary>The number of nodes that one transaction may access.</summary>
    public const int TransactionNodes = 1024;

    /// <summary>The number of entries in the permissions of a node.</summary>
    public const int Permissions = 5;
}
