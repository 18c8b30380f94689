using System.Runtime.InteropServices;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>The current nodes of the store.</summary>
internal sealed class LiveNodes : NodeView
{
    /// <summary>The generation of a node that does not exist.</summary>
    public const ulong NoGeneration = ulong.MaxValue;

    private readonly Dictionary<string, Node> _nodes = [];
    private readonly Dictionary<string, Node>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly WatchTable _watches;
    private readonly DomainTable _domains;
    private readonly INodeObserver? _observer;

    public LiveNodes(WatchTable watches, DomainTable domains, INodeObserver? observer = null)
    {
        (_watches, _domains, _observer) = (watches, domains, observer);
        _lookup = _nodes.GetAlternateLookup<ReadOnlySpan<char>>();
        var nothing = new NodePermissions(new NodePermission(0, NodeAccess.None));
        Put(new Node(PathRules.Root, [], nothing, 0, ChildNames.Empty.Add("tool"), 0));
        Put(new Node("/tool", [], nothing, 0, ChildNames.Empty.Add("xenstored"), 0));
        Put(new Node("/tool/xenstored", [], nothing, 0, ChildNames.Empty, 0));
        Count(0, 3);
    }

    public override GuestQuota Quota => _domains.Quota;

    public override Node? Get(ReadOnlySpan<char> path) => _lookup.TryGetValue(path, out var node) ? node : null;

    public override void Put(Node node)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_nodes, node.Path, out _);
        // If only the list of children changed, the node keeps both objects, and observers see no change.
        if (_observer is not null && (place?.Value != node.Value || place.Permissions != node.Permissions))
            _observer.Changed(node.Path, node.Value, node.Permissions);
        CountMemory(place, -1);
        place = node with { Generation = _domains.NextGeneration() };
        CountMemory(place, 1);
    }

    public override void Delete(Node node)
    {
        _nodes.Remove(node.Path, out var removed);
        CountMemory(removed, -1);
        _observer?.Removed(node.Path);
    }

    public override void Fire(string path, Node node, bool exact, Node? before = null)
    {
        foreach (var watch in _watches.Watching(path, exact))
            if (MayKnow(watch.Session, node) || (before is not null && watch.Session.MayRead(before.Permissions, before.PermissionsSince)))
                watch.Fire(path);
    }

    /// <summary>
    /// Fires the watches for a node that a transaction has removed. As in C xenstored, a session must have been able to read the node
    /// itself. Outside of a transaction, access to the parent is enough.
    /// </summary>
    public void FireRemoved(Node node, bool exact)
    {
        foreach (var watch in _watches.Watching(node.Path, exact))
            if (watch.Session.May(NodeAccess.Read, node))
                watch.Fire(node.Path);
    }

    /// <summary>Fires the watches of a special path.</summary>
    public void FireSpecial(string path, NodePermissions permissions)
    {
        foreach (var watch in _watches.Watching(path, exact: true))
            if (watch.Session.MayRead(permissions, NoGeneration))
                watch.Fire(path);
    }

    public override void Count(int domid, int change) => _domains.GetOrAdd(domid).Nodes += change;

    public override bool IsOverQuota(Domain guest, int more) => guest.Nodes + more > _domains.Quota.Nodes;

    public override bool IsOverMemory(Node? old, Node changed) =>
        _domains.IsOverMemory(changed.Permissions.Owner, changed.Memory - MemoryOf(old, changed.Permissions.Owner));

    public override void Fail()
    {
        // Outside of a transaction, all checks are done before the first change.
    }

    private static int MemoryOf(Node? node, int owner) => node is not null && node.Permissions.Owner == owner ? node.Memory : 0;

    private void CountMemory(Node? node, int sign)
    {
        if (node is not null)
            _domains.GetOrAdd(node.Permissions.Owner).Memory += sign * node.Memory;
    }

    /// <summary>Returns whether a session may see a change: it must be able to read the node or its parent.</summary>
    private bool MayKnow(Session session, Node node) =>
        session.May(NodeAccess.Read, node) || (Get(PathRules.Parent(node.Path)) is { } parent && session.May(NodeAccess.Read, parent));
}
