namespace Actors.Sim.Machine;

/// <summary>
/// The NUMA nodes of the machine. Xen takes a domain's pages from the node of its affinity, and from the others when that one is full; without an
/// affinity it takes them from all nodes in turn (get_free_buddy in xen/common/page_alloc.c).
/// </summary>
/// <param name="pages">The pages of each node, which are all free.</param>
internal sealed class HostNodes(IReadOnlyList<long> pages)
{
    private readonly long[] _free = [.. pages];
    private readonly long[] _claimed = new long[pages.Count];

    public int Count => _free.Length;

    public long Free(int node) => _free[node];

    /// <summary>What all domains have claimed on a node.</summary>
    public long Claimed(int node) => _claimed[node];

    /// <summary>Divides memory among a number of nodes, as evenly as whole pages allow.</summary>
    public static HostNodes Evenly(long pages, int nodes) =>
        new([.. Enumerable.Range(0, nodes).Select(node => (pages / nodes) + (node < pages % nodes ? 1 : 0))]);

    /// <summary>Takes pages for a domain and returns how many of them it had claimed on their node.</summary>
    /// <param name="account">The domain's account.</param>
    /// <param name="amount">The pages.</param>
    /// <param name="unclaimed">How many it may take that it has not claimed on their node: others have claimed the rest, on any node.</param>
    public long Take(NodeAccount account, long amount, long unclaimed)
    {
        var (left, claimed) = (amount, 0L);
        void On(int node, long most)
        {
            var taken = Math.Min(most, left);
            var own = Math.Min(taken, account.Claimed(node));
            Claim(account, node, account.Claimed(node) - own);
            account.Held(node) += taken;
            _free[node] -= taken;
            unclaimed = Math.Max(0, unclaimed - (taken - own));
            (left, claimed) = (left - taken, claimed + own);
        }
        long Allowed(int node) => Math.Min(AvailableTo(account, node), account.Claimed(node) + unclaimed);
        if (account.Affinity is { } near)
            On(near, Allowed(near));
        for (var node = 0; node < Count && left > 0; node++)
            On(node, account.Claimed(node));
        Spread(Allowed);
        // Memory that was taken offline may leave less than what is claimed.
        Spread(Free);
        return claimed;

        void Spread(Func<int, long> available)
        {
            while (left > 0 && Enumerable.Range(0, Count).Count(node => available(node) > 0) is > 0 and var open)
            {
                var share = Math.Max(1, left / open);
                for (var node = 0; node < Count && left > 0; node++)
                    On(node, Math.Min(share, available(node)));
            }
        }
    }

    /// <summary>Gives pages of a domain back, from its nodes in proportion.</summary>
    public void Give(NodeAccount account, long amount)
    {
        var (left, held) = (amount, 0L);
        for (var node = 0; node < Count; node++)
            held += account.Held(node);
        for (var node = 0; node < Count && left > 0; node++)
        {
            var here = node == Count - 1 || held == 0 ? left : (long)((Int128)left * account.Held(node) / held);
            held -= account.Held(node);
            account.Held(node) -= here;
            _free[node] += here;
            left -= here;
        }
    }

    /// <summary>Replaces what a domain has claimed on a node.</summary>
    public void Claim(NodeAccount account, int node, long amount)
    {
        _claimed[node] += amount - account.Claimed(node);
        account.Claimed(node) = amount;
    }

    /// <summary>Adds free memory to a node, or takes free memory away.</summary>
    public void Resize(int node, long change) => _free[node] += change;

    /// <summary>The most that a domain can take on a node.</summary>
    public long AvailableTo(NodeAccount account, int node) =>
        Math.Max(0, Math.Min(_free[node], _free[node] - _claimed[node] + account.Claimed(node)));
}
