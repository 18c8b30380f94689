namespace Actors.XenStore.Embedded;

/// <summary>What a guest may use up: C xenstored's defaults (its <c>quota</c> control command prints them). dom0 has no quota.</summary>
internal static class GuestQuota
{
    /// <summary>Nodes that a guest owns.</summary>
    public const int Nodes = 1000;

    /// <summary>Bytes of a node: value, permissions and names of children.</summary>
    public const int NodeSize = 2048;

    /// <summary>Watches of a guest; the first over this number is the one that still works.</summary>
    public const int Watches = 128;

    /// <summary>Open transactions of a connection; the first over this number is the one that still works.</summary>
    public const int Transactions = 10;

    /// <summary>Nodes that one transaction touches.</summary>
    public const int TransactionNodes = 1024;

    /// <summary>Entries of a node's permissions.</summary>
    public const int Permissions = 5;
}
