using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>
/// The machine's memory. Pages that no domain holds and that are not shared are free. Ephemeral pages of tmem pools are held by their
/// domains and dropped when the memory is needed. Free pages may be claimed; nobody but the owner of the claim gets those.
/// </summary>
/// <param name="total">The size of the machine.</param>
/// <param name="frames">Which free memory is contiguous; <see langword="null"/> where superpages are not simulated.</param>
/// <param name="freedPagesGrowClaims">
/// Whether a page that a domain frees grows its claim again, as in Xen before 4.19 (<c>domain_adjust_tot_pages</c>). Nothing checks whether there is
/// memory for it.
/// </param>
/// <param name="nodes">The NUMA nodes; <see langword="null"/> where they are not simulated.</param>
/// <param name="overcommits">Whether domains get their memory when they touch it, as under KVM and z/VM. Under Xen they get it when they are built.</param>
/// <param name="discardUnit">The least that the host discards in one piece; 4 KiB when not given.</param>
internal sealed class MachineMemory(
    Pages total, HostFrames? frames = null, bool freedPagesGrowClaims = false, HostNodes? nodes = null, bool overcommits = false,
    Kib? discardUnit = null)
{
    private readonly MemoryAccount _unowned = new() { Nodes = nodes is null ? null : new NodeAccount(nodes.Count, null) };
    private Pages _leaving;

    /// <summary>The least that the host discards in one piece: 4 KiB or 2 MiB.</summary>
    public Kib DiscardUnit { get; } = discardUnit ?? new Kib(Pages.KibPerPage);

    public bool Overcommits => overcommits;

    /// <summary>The pages that the host takes from its domains when it is full; <see langword="null"/> where it does not overcommit.</summary>
    public HostReclaim? Reclaim { get; } = overcommits ? new HostReclaim() : null;

    public Pages Total { get; private set; } = total;

    public Pages Free { get; private set; } = total;

    /// <summary>What all domains have claimed and not allocated yet, anywhere and on single nodes.</summary>
    public Pages Claimed { get; private set; }

    /// <summary>What can be taken: free pages, and pages that are dropped or paged out on demand.</summary>
    public Pages Available => Free + Ephemeral.Held + (Reclaim?.Held ?? Pages.Zero);

    public HostFrames? Frames => frames;

    public HostNodes? Nodes => nodes;

    /// <summary>Pages that may be dropped.</summary>
    public EphemeralPages Ephemeral { get; } = new();

    /// <summary>Reports that memory is low; nothing does before dom0 has been built.</summary>
    public LowMemoryVirq? LowMemory { get; set; }

    /// <summary>
    /// The most that an owner can take page by page: what nobody has claimed, and what it has claimed itself.
    /// </summary>
    public Pages AvailableTo(MemoryAccount? owner) => Pages.Max(Pages.Zero, Pages.Min(
        Available, Pages.Max(Pages.Zero, Available - Claimed) + (owner?.Outstanding ?? Pages.Zero)));

    /// <summary>
    /// Whether Xen allocates so many pages at once for an owner. It refuses when that would need claimed pages, unless the owner's own claim covers
    /// all of them: one with a claim of 100 pages that asks for 512 at once is refused, although it would get the 100 one by one.
    /// </summary>
    public bool Admits(Pages atOnce, MemoryAccount? owner) =>
        Claimed + atOnce <= Available || ((owner?.Outstanding ?? Pages.Zero) >= atOnce && atOnce <= Available);

    /// <summary>Takes an amount that is known to be available.</summary>
    public void Take(Pages amount, MemoryAccount? owner = null)
    {
        if (amount > Available)
            throw new InvalidOperationException("More memory was taken than was available.");
        if (amount > Free && Ephemeral.Held is var ephemeral && ephemeral > Pages.Zero)
            Ephemeral.Drop(Pages.Min(amount - Free, ephemeral));
        if (amount > Free)
            Reclaim!.Take(amount - Free);
        var unclaimed = Pages.Max(Pages.Zero, Available - Claimed + (owner?.ClaimedAnywhere ?? Pages.Zero));
        Free -= amount;
        var onNodes = nodes is null ? Pages.Zero : TakeOnNodes(amount, owner ?? _unowned, unclaimed);
        if (owner is { ClaimedAnywhere: var claimed } && claimed > Pages.Zero)
            ClaimAnywhere(owner, Pages.Max(Pages.Zero, claimed - (amount - onNodes)));
        frames?.Limit(Free.Value);
        LowMemory?.Check(Available - Claimed);
    }

    public void Give(Pages amount, MemoryAccount? owner = null)
    {
        Free += amount;
        nodes?.Give((owner ?? _unowned).Nodes!, amount.Value);
        if (freedPagesGrowClaims && owner is { ClaimedAnywhere: var claimed } && claimed > Pages.Zero)
            ClaimAnywhere(owner, claimed + amount);
        if (_leaving > Pages.Zero)
            TakeOffline(Pages.Zero);
        frames?.Limit(Free.Value);
    }

    /// <summary>Claims an amount anywhere, if that much is neither held nor claimed by others.</summary>
    public bool TryClaim(MemoryAccount owner, Pages amount)
    {
        if (amount > Available - Claimed)
            return false;
        ClaimAnywhere(owner, amount);
        return true;
    }

    /// <summary>Replaces all that an owner has claimed by a set of amounts, one anywhere and one on each node, or changes nothing.</summary>
    public bool TryClaim(MemoryAccount owner, Pages anywhere, IReadOnlyList<Pages> onNodes)
    {
        var sum = onNodes.Aggregate(anywhere, (all, here) => all + here);
        if (sum > Available - (Claimed - owner.Outstanding)
            || Enumerable.Range(0, onNodes.Count).Any(node => onNodes[node].Value > nodes!.AvailableTo(owner.Nodes!, node)))
            return false;
        ClaimAnywhere(owner, anywhere);
        for (var node = 0; node < nodes!.Count; node++)
            ClaimOn(owner, node, node < onNodes.Count ? onNodes[node] : Pages.Zero);
        return true;
    }

    /// <summary>Gives back what is left of an owner's claims.</summary>
    public void Unclaim(MemoryAccount owner)
    {
        ClaimAnywhere(owner, Pages.Zero);
        for (var node = 0; node < nodes?.Count; node++)
            ClaimOn(owner, node, Pages.Zero);
    }

    /// <summary>Adds memory to the machine, on its last node.</summary>
    public void Add(Pages amount)
    {
        (Total, Free) = (Total + amount, Free + amount);
        nodes?.Resize(nodes.Count - 1, amount.Value);
        frames?.Add(amount.Value);
    }

    /// <summary>Takes memory offline: free pages at once, and as many others as are missing when they are freed.</summary>
    public void TakeOffline(Pages amount)
    {
        _leaving += amount;
        var now = Pages.Min(_leaving, Free);
        _leaving -= now;
        (Total, Free) = (Total - now, Free - now);
        for (var node = (nodes?.Count ?? 0) - 1; node >= 0; node--)
        {
            var here = Math.Min(now.Value, nodes!.Free(node));
            nodes.Resize(node, -here);
            now -= new Pages(here);
        }
        frames?.Limit(Free.Value);
    }

    private Pages TakeOnNodes(Pages amount, MemoryAccount owner, Pages unclaimed)
    {
        var claimed = new Pages(nodes!.Take(owner.Nodes!, amount.Value, unclaimed.Value));
        Claimed -= claimed;
        return claimed;
    }

    private void ClaimAnywhere(MemoryAccount owner, Pages outstanding)
    {
        Claimed += outstanding - owner.ClaimedAnywhere;
        owner.ClaimedAnywhere = outstanding;
    }

    private void ClaimOn(MemoryAccount owner, int node, Pages outstanding)
    {
        Claimed += outstanding - new Pages(owner.Nodes!.Claimed(node));
        nodes!.Claim(owner.Nodes, node, outstanding.Value);
    }
}
