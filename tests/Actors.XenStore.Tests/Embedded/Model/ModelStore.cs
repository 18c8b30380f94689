namespace Actors.XenStore.Tests.Embedded.Model;

/// <summary>The model of a store with its events.</summary>
internal sealed class ModelStore : ModelView
{
    private static readonly NodePermissions OnlyDom0 = new(new NodePermission(0, NodeAccess.None));

    public Dictionary<string, ModelNode> Nodes { get; } = new()
    {
        ["/"] = new("", OnlyDom0, ["tool"], -3),
        ["/tool"] = new("", OnlyDom0, ["xenstored"], -2),
        ["/tool/xenstored"] = new("", OnlyDom0, [], -1),
    };

    public List<ModelQueue> Queues { get; } = [];

    public override ModelNode? Get(string path) => Nodes.GetValueOrDefault(path);

    public override void Set(string path, ModelNode? node)
    {
        if (node is null)
            Nodes.Remove(path);
        else
            Nodes[path] = node;
    }

    public override void Fire(Change change)
    {
        foreach (var queue in Queues)
            if (MayKnow(queue.Domid, change))
                queue.Receive(change);
    }

    private bool MayKnow(int domid, Change change) =>
        change.After.For(domid).HasFlag(NodeAccess.Read)
        || change.Before?.For(domid).HasFlag(NodeAccess.Read) == true
        || (!change.IsRemovedByTransaction && Get(Above(change.Path))?.Permissions.For(domid).HasFlag(NodeAccess.Read) == true);
}

/// <summary>A queue of events in the model.</summary>
internal sealed class ModelQueue(int domid)
{
    private readonly List<(string Path, string Token)> _watches = [];

    public int Domid { get; } = domid;

    public List<WatchEvent> Events { get; } = [];

    public void Watch(string path, string token)
    {
        _watches.Add((path, token));
        Receive(new WatchEvent(path, token));
    }

    public void Receive(Change change)
    {
        foreach (var (path, token) in _watches)
            if (path == change.Path || (!change.Exact && (path == "/" || change.Path.StartsWith(path + "/", StringComparison.Ordinal))))
                Receive(new WatchEvent(change.Path, token));
    }

    private void Receive(WatchEvent happened)
    {
        if (!Events.Contains(happened))
            Events.Add(happened);
    }
}

/// <summary>A transaction of the model. It keeps every node as it was when it was first read.</summary>
internal sealed class ModelTransaction(ModelStore store) : ModelView
{
    private readonly Dictionary<string, (ModelNode? Before, ModelNode? Now)> _touched = [];
    private readonly List<string> _order = [];
    private readonly Dictionary<string, bool> _fired = [];

    public override ModelNode? Get(string path)
    {
        if (_touched.TryGetValue(path, out var touched))
            return touched.Now;
        _order.Add(path);
        return (_touched[path] = (store.Get(path), store.Get(path))).Now;
    }

    public override void Set(string path, ModelNode? node)
    {
        Get(path);
        _touched[path] = (_touched[path].Before, node);
    }

    public override void Fire(Change change) => _fired[change.Path] = change.Exact && _fired.GetValueOrDefault(change.Path, true);

    public bool Commit()
    {
        if (_touched.Any(touched => store.Get(touched.Key)?.Version != touched.Value.Before?.Version))
            return false;
        foreach (var path in _order)
        {
            var (before, now) = _touched[path];
            if (!ReferenceEquals(before, now))
                store.Set(path, now);
            if (_fired.TryGetValue(path, out var exact) && (now ?? before) is { } known)
                store.Fire(new Change(path, exact, known.Permissions, before?.Permissions, now is null));
        }
        return true;
    }
}
