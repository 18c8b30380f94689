using Actors.Dispatch.Journal;
using Actors.Dispatch.Learning;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>The services outside the engine that it works with.</summary>
/// <param name="Store">The xenstore, as dom0.</param>
/// <param name="Hypervisor">The hypervisor, simulated or real.</param>
/// <param name="Time">The clock of every timer and time stamp.</param>
/// <param name="Journal">Receives every outcome.</param>
/// <param name="Log">The log of a domain, or of the host where the domain is <see langword="null"/>.</param>
internal sealed record HostServices(
    IXenStore Store, IHypervisor Hypervisor, TimeProvider Time, IJournal Journal, Func<DomainIdentity?, IActorLog> Log)
{
    /// <summary>Receives every outcome. Its errors are logged and never reach the caller.</summary>
    public IJournal Journal { get; } = new GuardedJournal(Journal, Log(null));

    /// <summary>The memory that the host keeps free: no growth of a domain may use it.</summary>
    public Kib Reserve
    {
        get;
        set
        {
            field = value;
            Hypervisor.KeepFree(value);
        }
    } = HostReserve.Default;

    /// <summary>The free memory that was granted to domains.</summary>
    public HostRoom Room { get; } = new();

    /// <summary>Reads the host's memory, including the reserve.</summary>
    public async ValueTask<HostMemory> InspectHostAsync(CancellationToken cancellation) =>
        await Hypervisor.GetHostMemoryAsync(cancellation) with { Reserve = Reserve };

    /// <summary>What was learned about guests.</summary>
    public LearnedLimits Learned { get; } = new(Store, Time);

    /// <summary>Raised when an actor's hold on a domain has changed without a change in xenstore, for example because a pager died.</summary>
    public event Action<int>? HoldingsChanged;

    public void ReportHoldingsChanged(int domid) => HoldingsChanged?.Invoke(domid);
}
