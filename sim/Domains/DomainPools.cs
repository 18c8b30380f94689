using Actors.Sdk;
using Actors.Sim.Machine;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>
/// The tmem pools of a domain. All of their pages count in its footprint here: in Xen the ephemeral ones belonged to nobody, but they
/// are held for its sake, and an actor can move nothing that does not count.
/// </summary>
internal sealed class DomainPools(TmemSpec spec, MachineMemory machine, Func<Pages> headroom, Pages persistent) : IEphemeralPool
{
    /// <summary>How much the guest keeps there where it is let; nothing where it does not use tmem.</summary>
    private readonly Pages _ephemeralWanted = spec.Ephemeral.ToPages();
    private readonly Pages _persistentWanted = spec.Persistent.ToPages();

    /// <summary>Somebody dropped pages, or let the guest put more.</summary>
    public event Action? Changed;

    public bool Used => _ephemeralWanted + _persistentWanted > Pages.Zero;

    public Pages Ephemeral { get; private set; }

    public Pages Persistent { get; private set; } = persistent;

    public Pages Held => Ephemeral + Persistent;

    public bool Frozen { get; private set; }

    public Kib? Cap { get; private set; }

    public int Weight { get; private set; } = 1;

    /// <summary>Whether the guest would put more, had the host the memory.</summary>
    public bool Wants => !Frozen && Held < Pages.Min(_ephemeralWanted + _persistentWanted, Cap?.ToPages() ?? machine.Total);

    /// <summary>What the guest would still put, and may: no page of another domain is dropped for it.</summary>
    public Pages Room => Frozen ? Pages.Zero : Least(
        _ephemeralWanted + _persistentWanted - Held, (Cap?.ToPages() ?? machine.Total) - Held, headroom(), machine.Free);

    public TmemPools Info => new(Ephemeral, Persistent, Frozen, Cap, Weight);

    /// <summary>The guest puts up to so many pages, the persistent ones first, as it does when it swaps; says how many.</summary>
    public Pages Put(Pages most)
    {
        var pages = Pages.Max(Pages.Zero, Pages.Min(most, Room));
        machine.Take(pages);
        var persistent = Pages.Max(Pages.Zero, Pages.Min(pages, _persistentWanted - Persistent));
        Persistent += persistent;
        Ephemeral += pages - persistent;
        return pages;
    }

    /// <summary>Drops up to so many ephemeral pages, and says how many.</summary>
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
