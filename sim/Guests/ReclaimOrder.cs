using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Memory;

namespace Actors.Sim.Guests;

/// <summary>
/// What a Linux guest gives up when pages are requested, in this order: free pages, then file cache that was not read
/// recently, then the rest of the cache, then cold anonymous memory as far as its own swap takes it. It keeps working set and kernel.
/// </summary>
internal sealed class ReclaimOrder(SimulatedDomain domain)
{
    private static readonly PageClass[] Order = [PageClass.Free, PageClass.InactiveCache, PageClass.ActiveCache, PageClass.Cold];

    private readonly Pages _swap = domain.Spec.Guest.Swap.ToPages();

    /// <summary>Raised when the guest has more free memory than before.</summary>
    public event Action? MemoryFreed;

    /// <summary>Raised when pages became free because nothing needs them any more, or came out of the balloon.</summary>
    public event Action? PagesFreed;

    /// <summary>Cold memory in the guest's own swap.</summary>
    public Pages Swapped { get; private set; }

    /// <summary>Everything that the guest can give up.</summary>
    public Pages Takeable
    {
        get
        {
            var sum = Pages.Zero;
            foreach (var kind in Order)
                sum += TakeableOf(kind);
            return sum;
        }
    }

    /// <summary>How much the guest has of a class, in memory or in its swap.</summary>
    public Pages Held(PageClass kind) => kind == PageClass.Cold ? domain.Memory.Of(kind) + Swapped : domain.Memory.Of(kind);

    /// <summary>Gives pages to the balloon.</summary>
    public void Inflate(Pages amount) => Take(amount, PageClass.Ballooned);

    /// <summary>Takes pages out of the balloon.</summary>
    public void Deflate(Pages amount)
    {
        domain.Deflate(amount);
        PagesFreed?.Invoke();
        MemoryFreed?.Invoke();
    }

    /// <summary>Finds pages for a use among the classes that are given up before it, and returns how many it found.</summary>
    public Pages Allocate(PageClass use, Pages amount) => Take(amount, use);

    /// <summary>Frees pages that the guest no longer needs; those in its swap go first.</summary>
    public void Release(PageClass kind, Pages amount)
    {
        var fromSwap = kind == PageClass.Cold ? Pages.Max(Pages.Zero, Pages.Min(amount, Swapped)) : Pages.Zero;
        Swapped -= fromSwap;
        if (domain.Use(kind, PageClass.Free, amount - fromSwap) > Pages.Zero)
            PagesFreed?.Invoke();
    }

    /// <summary>Keeps the two halves of the file cache equally large, as Linux does.</summary>
    public void AgeCache()
    {
        var (active, inactive) = (domain.Memory.Of(PageClass.ActiveCache).Value, domain.Memory.Of(PageClass.InactiveCache).Value);
        domain.Memory.Convert(PageClass.InactiveCache, PageClass.ActiveCache, new Pages((inactive - active) / 2));
    }

    private Pages Take(Pages amount, PageClass use)
    {
        var taken = Pages.Zero;
        foreach (var kind in Order)
        {
            if (kind == use)
                break;
            var most = Pages.Min(amount - taken, TakeableOf(kind));
            var here = use == PageClass.Ballooned ? domain.Inflate(kind, most) : domain.Use(kind, use, most);
            taken += here;
            if (kind == PageClass.Cold)
                Swapped += here;
        }
        return taken;
    }

    private Pages TakeableOf(PageClass kind) =>
        kind == PageClass.Cold ? Pages.Min(domain.Memory.Of(kind), _swap - Swapped) : domain.Memory.Of(kind);
}
