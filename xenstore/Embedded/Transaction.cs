namespace Actors.XenStore.Embedded;

/// <summary>
/// The nodes as one transaction sees them. As in C xenstored, every node that it accesses, existing or not, must be unchanged
/// when the transaction ends. Any change outside, even to the same value, makes the commit fail.
/// </summary>
internal sealed class Transaction(LiveNodes live, DomainTable domains, Session session) : NodeView
{
    private readonly Dictionary<string, Touched> _touched = [];
    private readonly List<Touched> _inOrder = [];
    private readonly SortedDictionary<int, int> _counts = [];
    private bool _failed;
    private bool _madeNodes;
    private bool _overQuota;

    public override XenStoreError? Failure => _overQuota ? XenStoreError.NoSpace : null;

    public override Node? Get(ReadOnlySpan<char> path) => Touch(path)?.Now;

    public override void Put(Node node)
    {
        if (Touch(node.Path) is not { } touched)
            return;
        touched.Now = node with { Generation = domains.NextGeneration() };
        touched.Modified = true;
    }

    public override void Delete(Node node)
    {
        if (Touch(node.Path) is not { } touched)
            return;
        touched.Now = null;
        touched.Modified = true;
    }

    public override void Fire(string path, Node node, bool exact, Node? before = null)
    {
        if (Touch(path) is { } touched)
            touched.Fire = exact && touched.Fire != FireMode.AllAbove ? FireMode.Exact : FireMode.AllAbove;
    }

    public override void Count(int domid, int change)
    {
        _counts[domid] = _counts.GetValueOrDefault(domid) + change;
        _madeNodes |= change > 0;
    }

    public override bool IsOverQuota(Domain guest, int more) => guest.Nodes >= GuestQuota.Nodes;

    public override void Fail() => _failed = true;

    /// <summary>Makes all changes and fires the watches, or makes no change and returns the error.</summary>
    public XenStoreError? Commit()
    {
        if (_failed)
            return XenStoreError.OutOfMemory;
        if (_madeNodes && session.Domain.IsGuest)
            foreach (var (domid, change) in _counts)
                if (domid != 0 && domains.GetOrAdd(domid).Nodes + change >= GuestQuota.Nodes)
                    return XenStoreError.NoSpace;
        foreach (var touched in _inOrder)
            if ((live.Get(touched.Path)?.Generation ?? LiveNodes.NoGeneration) != touched.Generation)
                return XenStoreError.TryAgain;
        foreach (var touched in _inOrder)
            if (touched.Modified)
                Apply(touched);
        foreach (var (domid, change) in _counts)
            live.Count(domid, change);
        return null;
    }

    private void Apply(Touched touched)
    {
        if (touched.Now is not null)
            live.Put(touched.Now);
        else if (touched.Before is not null)
            live.Delete(touched.Before);
        if (touched.Fire != FireMode.None && (live.Get(touched.Path) ?? touched.Before) is { } node)
            live.Fire(touched.Path, node, touched.Fire == FireMode.Exact, touched.Before);
    }

    private Touched? Touch(ReadOnlySpan<char> path)
    {
        if (_touched.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var touched))
            return touched;
        if (session.Domain.IsGuest && _inOrder.Count >= GuestQuota.TransactionNodes)
        {
            _failed = _overQuota = true;
            return null;
        }
        var before = live.Get(path);
        touched = new Touched(before?.Path ?? path.ToString(), before);
        _touched[touched.Path] = touched;
        _inOrder.Add(touched);
        return touched;
    }

    private enum FireMode
    {
        None,
        Exact,
        AllAbove,
    }

    private sealed class Touched(string path, Node? before)
    {
        public string Path { get; } = path;

        public Node? Before { get; } = before;

        public ulong Generation { get; } = before?.Generation ?? LiveNodes.NoGeneration;

        public Node? Now { get; set; } = before;

        public bool Modified { get; set; }

        public FireMode Fire { get; set; }
    }
}
