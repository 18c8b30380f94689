using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>One domain for as long as it exists: its keys, its log, and the actors that hold something on it.</summary>
internal sealed class HostDomain(DomainIdentity identity, HostServices services, Engagements engaged)
{
    public DomainIdentity Identity { get; } = identity;
    public ScopedStore Store { get; } = new(services.Store, services.Time, identity.Domid);
    public TimeProvider Time { get; } = services.Time;
    public IActorLog Log { get; } = services.Log(identity);

    /// <summary>The actors that hold something on the domain.</summary>
    public Engagements Engaged { get; } = engaged;

    /// <summary>Reads the host's memory, including the reserve that no growth may use.</summary>
    public async ValueTask<HostMemory> InspectHostAsync(CancellationToken cancellation) =>
        await services.Hypervisor.GetHostMemoryAsync(cancellation) with { Reserve = services.Reserve };

    /// <summary>Keeps what an actor learned about the guest, for later requests.</summary>
    public async ValueTask LearnAsync(LearnedLimit limit, CancellationToken cancellation) =>
        await StoreRetry.RunAsync(() => services.Learned.AddAsync(Identity.Uuid, limit, cancellation), Time, cancellation);

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation) =>
        await services.Hypervisor.GetDomainAsync(Identity.Domid, cancellation) ?? throw new DomainGoneException(Identity.Domid);

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class =>
        services.Hypervisor.GetMechanism<TMechanism>(Identity.Domid);
}
