namespace Actors.Sdk;

/// <summary>One domain, as seen by an actor.</summary>
public interface IDomain
{
    /// <summary>The identity of the domain.</summary>
    DomainIdentity Identity { get; }

    /// <summary>The domain's own subtree of xenstore.</summary>
    IDomainStore Store { get; }

    /// <summary>The source of all time: delays, timeouts and timestamps.</summary>
    TimeProvider Time { get; }

    /// <summary>The log for messages to the operator.</summary>
    IActorLog Log { get; }

    /// <summary>Reads what the hypervisor reports about the domain now.</summary>
    /// <exception cref="DomainGoneException">The domain no longer exists.</exception>
    ValueTask<DomainInfo> InspectAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Reads the host's memory, including the reserve that no growth may use. The result is <see langword="null"/> if it is not known here.
    /// </summary>
    ValueTask<HostMemory?> InspectHostAsync(CancellationToken cancellation = default) => default;

    /// <summary>
    /// Requests free memory of the host before the domain grows. The host never grants its reserve, or memory that another domain was granted
    /// and has not taken yet. A request replaces the domain's previous one, so repeat it with the rest while the domain grows. The grant ends
    /// when the actor's call returns. The result is <see langword="null"/> if the host's memory is not known here.
    /// </summary>
    /// <param name="amount">The memory that the domain will take from now on, in KiB.</param>
    /// <param name="cancellation">Cancels the request.</param>
    ValueTask<HostGrant?> RequestHostMemoryAsync(Kib amount, CancellationToken cancellation = default) => default;

    /// <summary>Returns a mechanism for this domain, or the reason why it is not available. An actor that needs the mechanism is then <c>unable</c>.</summary>
    /// <typeparam name="TMechanism">The mechanism, for example <see cref="IPaging"/>.</typeparam>
    Offer<TMechanism> GetMechanism<TMechanism>() where TMechanism : class;

    /// <summary>Reports how far the actor has come. The call is cheap; make it each time you read the footprint.</summary>
    void Report(Progress progress);
}
