using Actors.Sdk;

namespace Actors.Loading.OwnMechanisms;

/// <summary>An actor of a plugin that offers mechanisms of its own: its domains have them.</summary>
internal sealed class EquippedActor(IActor actor, MechanismTable mechanisms) : IActor
{
    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        actor.ReachAsync(new EquippedDomain(domain, mechanisms), request, cancellation);

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => actor.ReleaseAsync(new EquippedDomain(domain, mechanisms), cancellation);

    public ValueTask DisposeAsync() => actor.DisposeAsync();
}

/// <summary>The domain of one call, with the mechanisms of the plugin's own.</summary>
internal sealed class EquippedDomain(IDomain domain, MechanismTable mechanisms) : IDomain
{
    private readonly DomainMechanisms _own = mechanisms.Of(domain.Identity);

    public DomainIdentity Identity => domain.Identity;

    public IDomainStore Store => domain.Store;

    public TimeProvider Time => domain.Time;

    public IActorLog Log => domain.Log;

    public ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation) => domain.InspectAsync(cancellation);

    public ValueTask<HostMemory?> InspectHostAsync(CancellationToken cancellation) => domain.InspectHostAsync(cancellation);

    public ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation) => domain.RequestHostMemoryAsync(amount, cancellation);

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class =>
        mechanisms.Offers(typeof(TMechanism)) ? _own.Get<TMechanism>() : domain.GetMechanism<TMechanism>();

    public void Report(Progress progress) => domain.Report(progress);
}
