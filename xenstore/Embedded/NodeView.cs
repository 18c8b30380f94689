namespace Actors.XenStore.Embedded;

/// <summary>The nodes as one sees them outside of transactions or inside of one. Locked by the caller.</summary>
internal abstract class NodeView
{
    /// <summary>Why nothing can be looked up any more, when a quota has been met.</summary>
    public virtual XenStoreError? Failure => null;

    public abstract Node? Get(ReadOnlySpan<char> path);

    /// <summary>Puts a node's new state in the place of its old one; its generation is given here.</summary>
    public abstract void Put(Node node);

    public abstract void Delete(Node node);

    /// <summary>Tells the watches of a change, now or when it becomes true.</summary>
    /// <param name="path">The node that changed.</param>
    /// <param name="node">The state by whose permissions to decide who may know.</param>
    /// <param name="exact">Whether only those are told who watch just this path.</param>
    /// <param name="before">A state that could be read before, when permissions have changed.</param>
    public abstract void Fire(string path, Node node, bool exact, Node? before = null);

    /// <summary>Changes the number of nodes that a domain owns.</summary>
    public abstract void Count(int domid, int change);

    /// <summary>Whether a guest may not make so many more nodes.</summary>
    public abstract bool IsOverQuota(Domain guest, int more);

    /// <summary>A change could not be made in full.</summary>
    public abstract void Fail();
}
