using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>
/// What a host that overcommits takes from its domains when it is full, as a host does that pages by how long a page was not used: first what costs no
/// I/O, then the pages that were not used for the longest time.
/// </summary>
internal sealed class HostReclaim
{
    private const int PartAtOnce = 16;
    private static readonly Pages LeastAtOnce = new(64);

    private readonly List<IReclaimable> _domains = [];

    /// <summary>All pages that can be taken.</summary>
    public Pages Held => _domains.Aggregate(Pages.Zero, (sum, domain) => sum + domain.Reclaimable);

    /// <summary>How many pages were written to the host's disk.</summary>
    public long Written { get; private set; }

    public void Add(IReclaimable domain) => _domains.Add(domain);

    public void Remove(IReclaimable domain) => _domains.Remove(domain);

    /// <summary>Takes that many pages, always from the domain that has the most of the first tier that has any. The domains must have that many.</summary>
    public void Take(Pages amount)
    {
        for (var tier = ReclaimTier.Unused; amount > Pages.Zero && tier <= ReclaimTier.WorkingSet; tier++)
        {
            while (amount > Pages.Zero && _domains.MaxBy(domain => domain.HeldIn(tier)) is { } richest && richest.HeldIn(tier) is var held && held > Pages.Zero)
            {
                var taken = richest.Take(tier, Pages.Min(amount, Pages.Max(LeastAtOnce, new Pages(held.Value / PartAtOnce))));
                if (taken == Pages.Zero)
                    break;
                amount -= taken;
                Written += tier > ReclaimTier.Volatile ? taken.Value : 0;
            }
        }
    }
}

/// <summary>The order in which a full host takes pages.</summary>
internal enum ReclaimTier
{
    /// <summary>Pages that the guest has marked unused: dropped.</summary>
    Unused,

    /// <summary>Clean file cache that the guest has marked volatile: discarded.</summary>
    Volatile,

    /// <summary>Pages that the guest does not touch: paged out.</summary>
    Idle,

    /// <summary>File cache that was not read recently: paged out.</summary>
    InactiveCache,

    /// <summary>The rest of the file cache: paged out.</summary>
    ActiveCache,

    /// <summary>The working set: paged out.</summary>
    WorkingSet,
}

/// <summary>A domain from which the host takes pages when it is full.</summary>
internal interface IReclaimable
{
    /// <summary>All pages that can be taken.</summary>
    Pages Reclaimable { get; }

    /// <summary>How many pages of a tier it has.</summary>
    Pages HeldIn(ReclaimTier tier);

    /// <summary>Takes up to <paramref name="most"/> pages of a tier and returns how many.</summary>
    Pages Take(ReclaimTier tier, Pages most);
}
