using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Domains;

/// <summary>One domain, as the host hands it to actors, and what they hold on it.</summary>
internal sealed class HostDomain(
    DomainIdentity identity, IXenStore store, IHypervisor hypervisor, TimeProvider time, IActorLog log, Engagements engaged) : IDomain
{
    public DomainIdentity Identity { get; } = identity;
    public IDomainStore Store { get; } = new ScopedStore(store, identity.Domid);
    public TimeProvider Time { get; } = time;
    public IActorLog Log { get; } = log;

    /// <summary>Which actors hold something here.</summary>
    public Engagements Engaged { get; } = engaged;

    /// <summary>How long the first step of a policy has, where the domain's own key says so.</summary>
    public TimeSpan? PrimaryTimeout { get; set; }

    /// <summary>Hears what happens in the run under way.</summary>
    public IRunObserver Observer { get; set; } = IRunObserver.None;

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation) =>
        await hypervisor.GetDomainAsync(Identity.Domid, cancellation) ?? throw new DomainGoneException(Identity.Domid);

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class =>
        hypervisor.GetMechanism<TMechanism>(Identity.Domid);

    public void Report(Progress progress) => Observer.Progressed(progress);
}
