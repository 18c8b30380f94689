using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>One domain during one run: the view that an actor gets, and the data of this run.</summary>
internal sealed class RunContext(HostDomain domain, IRunObserver observer) : IDomain
{
    public DomainIdentity Identity => domain.Identity;
    public IDomainStore Store => domain.Store;
    public TimeProvider Time => domain.Time;
    public IActorLog Log => domain.Log;

    /// <summary>Receives progress, and every step as it begins and ends.</summary>
    public IRunObserver Observer => observer;

    /// <summary>The actors that hold something on the domain. A dry run works on a copy.</summary>
    public Engagements Engaged { get; private init; } = domain.Engaged;

    /// <summary>The policies that contain the current one, the outermost first.</summary>
    public IReadOnlyList<string> Path { get; private init; } = [];

    /// <summary>The time limit of the first step, where the domain's own key sets one.</summary>
    public TimeSpan? PrimaryTimeout { get; init; }

    /// <summary>The steps of the chain that failed in this run.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>Creates the context of a run that changes nothing: the real engagements stay as they are.</summary>
    public static RunContext ForDryRun(HostDomain domain, TimeSpan? primaryTimeout) =>
        new(domain, IRunObserver.None) { Engaged = new Engagements(domain.Engaged.Actors), PrimaryTimeout = primaryTimeout };

    /// <summary>Creates the context of the same run inside a step of <paramref name="policy"/>.</summary>
    public RunContext Within(string policy, IRunObserver inner) => new(domain, inner) { Engaged = Engaged, Path = [.. Path, policy] };

    public ValueTask<HostMemory> InspectHostAsync(CancellationToken cancellation) => domain.InspectHostAsync(cancellation);

    async ValueTask<HostMemory?> IDomain.InspectHostAsync(CancellationToken cancellation) => await InspectHostAsync(cancellation);

    public async ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation) => await domain.GrantAsync(amount, cancellation);

    /// <summary>Ends the grant, because the call of the actor has returned.</summary>
    public void EndGrant() => domain.EndGrant();

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        observer.Inspected(info);
        return info;
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class => domain.GetMechanism<TMechanism>();

    public void Report(Progress progress) => observer.Progressed(progress);
}
