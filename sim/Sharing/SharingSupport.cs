using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Sharing;

/// <summary>Decides which domains' pages Xen can share.</summary>
internal static class SharingSupport
{
    public static bool CanShare(SimulatedDomain domain) => domain.Spec is { Kind: not DomainKind.Pv, Hap: true, Passthrough: false };

    /// <summary>Why a domain cannot share; <see langword="null"/> when nothing is known against it.</summary>
    public static string? WhyNot(HostSpec host, SimulatedDomain domain)
    {
        if (!host.Sharing)
            return "this hypervisor is built without memory sharing (CONFIG_MEM_SHARING; ENOSYS)";
        if (domain.Spec.Kind == DomainKind.Pv)
            return $"sharing needs hardware-assisted paging (HAP): domain {domain.Domid} is PV";
        return domain.Spec.Hap ? null : "sharing needs hardware-assisted paging (ENODEV): build the domain with 'hap=1'";
    }
}
