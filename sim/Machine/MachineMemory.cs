using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>
/// The machine's memory. Pages that no domain holds and that are not shared are free. Ephemeral pages of tmem pools are held by their
/// domains and dropped when the memory is needed. Free pages may be claimed; nobody but the owner of the claim gets those.
/// </summary>
/// <param name="total">The size of the machine.</param>
/// <param name="frames">Which free memory is contiguous; <see langword="null"/> where superpages are not simulated.</param>
/// <param name="freedPagesGrowClaims">
/// Whether a page that a domain frees grows its claim again, as in Xen before 4.19 (<c>domain_adjust_tot_pages</c>).
/// </param>
/// <param name="overcommits">Whether domains get their memory when they touch it, as under KVM and z/VM. Under Xen they get it when they are built.</param>
/// <param name="discardUnit">The least that the host discards in one piece; 4 KiB when not given.</param>
internal sealed class MachineMemory(Pages total, HostFrames? frames = null, bool freedPagesGrowClaims = false, bool overcommits = false,
    Kib? discardUnit = null)
{
    /// <summary>The least that the host discards in one piece: 4 KiB or 2 MiB.</summary>
    public Kib DiscardUnit { get; } = discardUnit ?? new Kib(Pages.KibPerPage);

    public bool Overcommits => overcommits;

    /// <summary>The pages that the host takes from its domains when it is full; <see langword="null"/> where it does not overcommit.</summary>
    public HostReclaim? Reclaim { get; } = overcommits ? new HostReclaim() : null;

    public Pages Total { get; } = total;

    public Pages Free { get; private set; } = total;

    /// <summary>What all domains have claimed and not allocated yet.</summary>
    public Pages Claimed { get; private set; }

    /// <summary>What can be taken: free pages, and pages that are dropped or paged out on demand.</summary>
    public Pages Available => Free + Ephemeral.Held + (Reclaim?.Held ?? Pages.Zero);

    public HostFrames? Frames => frames;

    /// <summary>Pages that may be dropped.</summary>
    public EphemeralPages Ephemeral { get; } = new();

    /// <summary>
    /// The most pages that an owner can take at once. Xen refuses an allocation when it would need claimed pages, unless the owner's own
    /// claim covers it completely.
    /// </summary>
    public Pages AvailableTo(MemoryClaim? owner) => Pages.Max(
        Pages.Max(Pages.Zero, Available - Claimed), Pages.Min(owner?.Outstanding ?? Pages.Zero, Available));

    /// <summary>Takes all of an amount or nothing.</summary>
    public bool TryTake(Pages amount, MemoryClaim? owner = null)
    {
        if (amount > AvailableTo(owner))
            return false;
        Take(amount, owner);
        return true;
    }

    /// <summary>Takes an amount that is known to be available.</summary>
    public void Take(Pages amount, MemoryClaim? owner = null)
    {
        if (amount > Available)
            throw new InvalidOperationException("More memory was taken than was available.");
        if (amount > Free && Ephemeral.Held is var ephemeral && ephemeral > Pages.Zero)
            Ephemeral.Drop(Pages.Min(amount - Free, ephemeral));
        if (amount > Free)
            Reclaim!.Take(amount - Free);
        Free -= amount;
        if (owner is { Outstanding: var outstanding } && outstanding > Pages.Zero)
            Change(owner, Pages.Max(Pages.Zero, outstanding - amount));
        frames?.Limit(Free.Value);
    }

    public void Give(Pages amount, MemoryClaim? owner = null)
    {
        Free += amount;
        if (freedPagesGrowClaims && owner is { Outstanding: var outstanding } && outstanding > Pages.Zero)
            Change(owner, outstanding + amount);
        frames?.Limit(Free.Value);
    }

    /// <summary>Claims an amount if that much is neither held nor claimed by others.</summary>
    public bool TryClaim(MemoryClaim owner, Pages amount)
    {
        if (amount > Available - Claimed)
            return false;
        Change(owner, amount);
        return true;
    }

    /// <summary>Gives back what is left of a claim.</summary>
    public void Unclaim(MemoryClaim owner) => Change(owner, Pages.Zero);

    private void Change(MemoryClaim owner, Pages outstanding)
    {
        Claimed += outstanding - owner.Outstanding;
        owner.Outstanding = outstanding;
    }
}
