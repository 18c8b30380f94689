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
    private readonly int _copyOverhead = CopyOverhead(domains.Generation);
    private bool _failed;
    private bool _madeNodes;
    private XenStoreError? _failure;
    private long _memory;

    public override GuestQuota Quota => domains.Quota;

    public override XenStoreError? Failure => _failure;

    public override void Begin() => _failure = null;

    public override Node? Get(ReadOnlySpan<char> path) => Touch(path)?.Now;

    public override void Put(Node node)
    {
        if (Touch(node.Path) is not { } touched)
            return;
        CountMemory(touched, -1);
        touched.Now = node with { Generation = domains.NextGeneration() };
        touched.Modified = true;
        CountMemory(touched, 1);
    }

    public override void Delete(Node node)
    {
        if (Touch(node.Path) is not { } touched)
            return;
        CountMemory(touched, -1);
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

    public override bool IsOverQuota(Domain guest, int more) => guest.Nodes >= domains.Quota.Nodes;

    public override bool IsOverMemory(Node? old, Node changed) =>
        domains.IsOverMemory(session.Domain.Domid, changed.Memory + _copyOverhead - (old is null ? 0 : old.Memory + _copyOverhead));

    public override void Fail() => _failed = true;

    /// <summary>Makes all changes and fires the watches, or makes no change and returns the error.</summary>
    public XenStoreError? Commit()
    {
        Discard();
        if (_failed)
            return XenStoreError.OutOfMemory;
        if (_madeNodes && session.Domain.IsGuest)
            foreach (var (domid, change) in _counts)
                if (domid != 0 && domains.GetOrAdd(domid).Nodes + change >= domains.Quota.Nodes)
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

    /// <summary>Releases the memory of the copies.</summary>
    public void Discard()
    {
        session.Domain.Memory -= _memory;
        _memory = 0;
    }

    private void Apply(Touched touched)
    {
        if (touched.Now is not null)
            live.Put(touched.Now);
        else if (touched.Before is not null)
            live.Delete(touched.Before);
        if (touched.Fire == FireMode.None)
            return;
        if (live.Get(touched.Path) is { } node)
            live.Fire(touched.Path, node, touched.Fire == FireMode.Exact, touched.Before);
        else if (touched.Before is { } removed)
            live.FireRemoved(removed, touched.Fire == FireMode.Exact);
    }

    private Touched? Touch(ReadOnlySpan<char> path)
    {
        if (_touched.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var touched))
            return touched;
        if (session.Domain.IsGuest && _inOrder.Count >= domains.Quota.TransactionNodes)
        {
            _failed = true;
            _failure = XenStoreError.NoSpace;
            return null;
        }
        var before = live.Get(path);
        touched = new Touched(before?.Path ?? path.ToString(), before);
        _touched[touched.Path] = touched;
        _inOrder.Add(touched);
        CountMemory(touched, 1);
        return touched;
    }

    /// <summary>The copies of a transaction belong to its own domain, whoever owns the nodes.</summary>
    private void CountMemory(Touched touched, int sign)
    {
        if (touched.Now is null)
            return;
        var change = sign * (touched.Now.Memory + _copyOverhead);
        _memory += change;
        session.Domain.Memory += change;
    }

    /// <summary>C xenstored puts the generation of the transaction and a slash before the path of a copy.</summary>
    private static int CopyOverhead(ulong generation) => generation == 0 ? 2 : (int)Math.Log10(generation) + 2;

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
