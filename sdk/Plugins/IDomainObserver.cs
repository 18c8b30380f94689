namespace Actors.Sdk;

/// <summary>
/// An actor that is notified of the domains of the host, dom0 among them, whichever actors they have. It implements this interface, too. The manifest must
/// request that with <c>domains: true</c>, and the operator must grant it. Since contract 1.1.
/// </summary>
/// <remarks>The host makes one call at a time. A call that takes longer than 5 s is cancelled, and counts as a fault, like one that throws.</remarks>
public interface IDomainObserver
{
    /// <summary>
    /// Called for each domain that exists when the plugin is loaded, or when its process was started again, and then for each domain that appears.
    /// </summary>
    Task DomainAppearedAsync(DomainIdentity domain, CancellationToken cancellation);

    /// <summary>Called when a domain has disappeared that had appeared before. A domain that reboots disappears, and appears with another domid.</summary>
    Task DomainDisappearedAsync(DomainIdentity domain, CancellationToken cancellation);
}
