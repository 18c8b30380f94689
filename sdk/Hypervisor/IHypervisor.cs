namespace Actors.Sdk;

/// <summary>
/// The hypervisor that the host runs on: the simulated one or Xen. Actors never see it; they see one domain through <see cref="IDomain"/>.
/// All members are thread-safe.
/// </summary>
public interface IHypervisor
{
    /// <summary>The name and version for people to read: <c>simulated host</c>, <c>Xen 4.17</c>.</summary>
    string Description { get; }

    /// <summary>Reads the host's memory.</summary>
    ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Sets the memory that a mechanism must leave free when it brings a domain's memory back on its own, for example while a pager is being
    /// stopped. Without a call, it is zero.
    /// </summary>
    void KeepFree(Kib reserve)
    {
    }

    /// <summary>Lists all domains, including dom0, ordered by domid.</summary>
    ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default);

    /// <summary>Reads one domain. The result is <see langword="null"/> if no domain has that number.</summary>
    ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default);

    /// <summary>Returns a mechanism for a domain, or the reason why it is not available.</summary>
    /// <typeparam name="TMechanism">One of the mechanism interfaces, for example <see cref="IPaging"/>.</typeparam>
    Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class;
}
