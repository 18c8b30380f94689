using Actors.Sdk;
using Actors.Sim.Machine;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>
/// The tmem pools of a domain. All of their pages count in its footprint here. In Xen the ephemeral ones belonged to no domain, but they
/// are held for the domain, and an actor cannot move what the footprint does not show.
/// </summary>
internal sealed class DomainPools(TmemSpec spec, MachineMemory machine, Func<Pages> headroom, Pages persistent) : IEphemeralPool
{
    /// <summary>How much the guest keeps there when it may; zero when it does not use tmem.</summary>
    private readonly Pages _ephemeralWanted = spec.Ephemeral.ToPages();
    private readonly Pages _persistentWanted = spec.Persistent.ToPages();

    /// <summary>Pages were dropped, or the guest may put more.</summary>
    public event Action? Changed;

    public bool Used => _ephemeralWanted + _persistentWanted > Pages.Zero;

    public Pages Ephemeral { get; private set; }

    public Pages Persistent { get; private set; } = persistent;

    public Pages Held => Ephemeral + Persistent;

    public bool Frozen { get; private set; }

    public Kib? Cap { get; private set; }

    public int Weight { get; private set; } = 1;

    /// <summary>Whether the guest would put more if the host had the memory.</summary>
    public bool Wants => !Frozen && Held < Pages.Min(_ephemeralWanted + _persistentWanted, Cap?.ToPages() ?? machine.Total);

    /// <summary>How many more pages the guest wants to put and may put. No page of another domain is dropped for them.</summary>
    public Pages Room => Frozen ? Pages.Zero : Least(
        _ephemeralWanted + _persistentWanted - Held, (Cap?.ToPages() ?? machine.Total) - Held, headroom(), machine.Free - machine.Claimed);

    public TmemPools Info => new(Ephemeral, Persistent, Frozen, Cap, Weight);

    /// <summary>
    /// The guest puts up to <paramref name="most"/> pages, the persistent ones first, as it does when it swaps. Returns how many it
    /// put.
    /// </summary>
    public Pages Put(Pages most)
    {
        var pages = Pages.Max(Pages.Zero, Pages.Min(most, Room));
        machine.Take(pages);
        var persistent = Pages.Max(Pages.Zero, Pages.Min(pages, _persistentWanted - Persistent));
        Persistent += persistent;
        Ephemeral += pages - persistent;
        return pages;
    }

    /// <summary>Drops up to <paramref name="most"/> ephemeral pages and returns how many.</summary>
    public Pages Drop(Pages most)
    {
        var pages = Pages.Max(Pages.Zero, Pages.Min(most, Ephemeral));
        Ephemeral -= pages;
        machine.Give(pages);
        Changed?.Invoke();
        return pages;
    }

    public void Set(bool frozen, Kib? cap, int weight)
    {
        (Frozen, Cap, Weight) = (frozen, cap, weight);
        Changed?.Invoke();
    }

    private static Pages Least(Pages first, Pages second, Pages third, Pages fourth) =>
        Pages.Max(Pages.Zero, Pages.Min(Pages.Min(first, second), Pages.Min(third, fourth)));
}
