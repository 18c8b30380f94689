namespace Actors.Sdk;

/// <summary>One domain, as an actor sees it.</summary>
public interface IDomain
{
    /// <summary>Who it is.</summary>
    DomainIdentity Identity { get; }

    /// <summary>Its subtree of xenstore, and no more.</summary>
    IDomainStore Store { get; }

    /// <summary>The source of all time: delays, time-outs, timestamps.</summary>
    TimeProvider Time { get; }

    /// <summary>Where to write what an operator may want to read later.</summary>
    IActorLog Log { get; }

    /// <summary>What the hypervisor says of it now.</summary>
    /// <exception cref="DomainGoneException">It is gone.</exception>
    ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default);

    /// <summary>A mechanism of this hypervisor on this domain, or why there is none: an actor that needs it is then <c>unable</c>.</summary>
    /// <typeparam name="TMechanism">For example <see cref="IPaging"/>.</typeparam>
    Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class;

    /// <summary>Tells how far the actor has come. Cheap; call it whenever the footprint was looked at.</summary>
    void Report(Progress progress);
}
