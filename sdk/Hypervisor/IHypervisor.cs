namespace Actors.Sdk;

/// <summary>
/// The hypervisor under the host: the simulated one or Xen. Actors never see it; they see one domain through <see cref="IDomain"/>.
/// All members may be called by many callers at once.
/// </summary>
public interface IHypervisor
{
    /// <summary>What it is, for a person: <c>simulated host</c>, <c>Xen 4.17</c>.</summary>
    string Description { get; }

    /// <summary>The host's memory now.</summary>
    ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default);

    /// <summary>All domains, dom0 among them, by domid.</summary>
    ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default);

    /// <summary>One domain, or <see langword="null"/> when there is none of that number.</summary>
    ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default);

    /// <summary>What this hypervisor can do to that domain, or why it cannot.</summary>
    /// <typeparam name="TMechanism">One of the interfaces in Mechanisms.</typeparam>
    Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class;
}
