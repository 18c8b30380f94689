using Actors.Host.Plugins.Containment;
using Actors.Sdk;

namespace Actors.Host.Domains;

/// <summary>One domain, as the host hands it to actors, and what they hold on it.</summary>
internal sealed class HostDomain(DomainIdentity identity, HostGround ground, Engagements engaged) : IDomain
{
    public DomainIdentity Identity { get; } = identity;
    public IDomainStore Store { get; } = new ScopedStore(ground.Store, ground.Time, identity.Domid);
    public TimeProvider Time { get; } = ground.Time;
    public IActorLog Log { get; } = ground.Log(identity);

    /// <summary>The log as actors of plugins see it.</summary>
    public IActorLog ActorLog { get; } = new ContainedLog(ground.Log(identity), ground.Time);

    /// <summary>Which actors hold something here.</summary>
    public Engagements Engaged { get; } = engaged;

    /// <summary>The policies at work outside of the one that this is handed to, the outermost first.</summary>
    public IReadOnlyList<string> Path { get; private init; } = [];

    /// <summary>Which steps of its chain failed in the run under way.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>How long the first step of a policy has, where the domain's own key says so.</summary>
    public TimeSpan? PrimaryTimeout { get; set; }

    /// <summary>Hears what happens in the run under way.</summary>
    public IRunObserver Observer { get; set; } = IRunObserver.None;

    /// <summary>The same domain, for a policy that is a step of another one.</summary>
    public HostDomain Within(string policy, IRunObserver observer) =>
        new(Identity, ground, Engaged) { Path = [.. Path, policy], Observer = observer };

    /// <summary>The same domain, for looking ahead: the run under way does not notice.</summary>
    public HostDomain For(TimeSpan? primaryTimeout) => new(Identity, ground, new Engagements(Engaged.Actors)) { PrimaryTimeout = primaryTimeout };

    public ValueTask<HostMemory> InspectHostAsync(CancellationToken cancellation) => ground.Hypervisor.GetHostMemoryAsync(cancellation);

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation)
    {
        var info = await ground.Hypervisor.GetDomainAsync(Identity.Domid, cancellation) ?? throw new DomainGoneException(Identity.Domid);
        Observer.Seen(info);
        return info;
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class =>
        ground.Hypervisor.GetMechanism<TMechanism>(Identity.Domid);

    public void Report(Progress progress) => Observer.Progressed(progress);
}
