using Actors.Dispatch.Journal;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>Everything outside the engine that it works with.</summary>
/// <param name="Store">The xenstore, as dom0.</param>
/// <param name="Hypervisor">The hypervisor, simulated or real.</param>
/// <param name="Time">The clock of every timer and time stamp.</param>
/// <param name="Journal">Receives every outcome.</param>
/// <param name="Log">The log of a domain, or of the host where the domain is <see langword="null"/>.</param>
internal sealed record HostServices(
    IXenStore Store, IHypervisor Hypervisor, TimeProvider Time, IJournal Journal, Func<DomainIdentity?, IActorLog> Log)
{
    /// <summary>What an actor holds on a domain has changed, and no xenstore key reports it: a pager died, for example.</summary>
    public event Action<int>? HoldingsChanged;

    public void ReportHoldingsChanged(int domid) => HoldingsChanged?.Invoke(domid);
}
