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
    public ValueTask<HostMemory> InspectHostAsync(CancellationToken cancellation) => services.InspectHostAsync(cancellation);

    /// <summary>Grants free memory of the host to the domain.</summary>
    public ValueTask<HostGrant> GrantAsync(Kib amount, CancellationToken cancellation) =>
        services.Room.GrantAsync(Identity.Domid, amount, () => InspectHostAsync(cancellation));

    /// <summary>Ends the grant, because no actor grows the domain any more.</summary>
    public void EndGrant() => services.Room.End(Identity.Domid);

    /// <summary>Keeps what an actor learned about the guest, for later requests.</summary>
    /// <param name="limit">What was learned.</param>
    /// <param name="giveUp">Ends the attempts while the store is unreachable. It does not cancel a request.</param>
    public async ValueTask LearnAsync(LearnedLimit limit, CancellationToken giveUp) =>
        await StoreRetry.RunAsync(() => services.Learned.AddAsync(Identity.Uuid, limit, CancellationToken.None), Time, giveUp);

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation) =>
        await services.Hypervisor.GetDomainAsync(Identity.Domid, cancellation) ?? throw new DomainGoneException(Identity.Domid);

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class =>
        services.Hypervisor.GetMechanism<TMechanism>(Identity.Domid);
}
