using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>One domain during one run: what an actor sees of it, and what only this run knows.</summary>
internal sealed class RunContext(HostDomain domain, IRunObserver observer) : IDomain
{
    public DomainIdentity Identity => domain.Identity;
    public IDomainStore Store => domain.Store;
    public TimeProvider Time => domain.Time;
    public IActorLog Log => domain.Log;

    /// <summary>Receives progress, and every step as it begins and ends.</summary>
    public IRunObserver Observer => observer;

    /// <summary>The actors that hold something on the domain. A dry run has a copy.</summary>
    public Engagements Engaged { get; private init; } = domain.Engaged;

    /// <summary>The policies that called the present one, the outermost first.</summary>
    public IReadOnlyList<string> Path { get; private init; } = [];

    /// <summary>The time limit of the first step, where the domain's own key sets one.</summary>
    public TimeSpan? PrimaryTimeout { get; init; }

    /// <summary>The steps of the chain that failed in this run.</summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>A run that changes nothing: the engagements of the real one stay as they are.</summary>
    public static RunContext ForDryRun(HostDomain domain, TimeSpan? primaryTimeout) =>
        new(domain, IRunObserver.None) { Engaged = new Engagements(domain.Engaged.Actors), PrimaryTimeout = primaryTimeout };

    /// <summary>The same run inside a policy that is a step of <paramref name="policy"/>.</summary>
    public RunContext Within(string policy, IRunObserver inner) => new(domain, inner) { Engaged = Engaged, Path = [.. Path, policy] };

    public ValueTask<HostMemory> InspectHostAsync(CancellationToken cancellation) => domain.InspectHostAsync(cancellation);

    public async ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation)
    {
        var info = await domain.InspectAsync(cancellation);
        observer.Seen(info);
        return info;
    }

    public Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class => domain.GetMechanism<TMechanism>();

    public void Report(Progress progress) => observer.Progressed(progress);
}
