namespace Actors.XenStore.Embedded;

/// <summary>The nodes as seen outside of transactions or inside one. The caller must hold the lock.</summary>
internal abstract class NodeView
{
    /// <summary>The quotas of guests.</summary>
    public abstract GuestQuota Quota { get; }

    /// <summary>The error if an access of the current operation exceeded a quota.</summary>
    public virtual XenStoreError? Failure => null;

    /// <summary>Starts an operation.</summary>
    public virtual void Begin()
    {
    }

    public abstract Node? Get(ReadOnlySpan<char> path);

    /// <summary>Replaces the state of a node. The view assigns the generation.</summary>
    public abstract void Put(Node node);

    public abstract void Delete(Node node);

    /// <summary>Fires the watches for a change, now or when the transaction is committed.</summary>
    /// <param name="path">The node that changed.</param>
    /// <param name="node">The state whose permissions decide which sessions see the event.</param>
    /// <param name="exact">Whether only watches of exactly this path fire.</param>
    /// <param name="before">The previous state if the permissions have changed. Sessions that could read it see the event too.</param>
    public abstract void Fire(string path, Node node, bool exact, Node? before = null);

    /// <summary>Changes the number of nodes that a domain owns.</summary>
    public abstract void Count(int domid, int change);

    /// <summary>Returns whether creating so many more nodes would exceed the guest's quota.</summary>
    public abstract bool IsOverQuota(Domain guest, int more);

    /// <summary>Returns whether replacing a node (or creating it) would exceed the memory quota of its owner or of the session.</summary>
    public abstract bool IsOverMemory(Node? old, Node changed);

    /// <summary>Records that a change could not be made.</summary>
    public abstract void Fail();
}
