using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Paging;

/// <summary>
/// Why Xen allows no pager on a domain, in the order in which it checks (<c>vm_event_domctl</c>), and with the messages of
/// tools/xenpaging/xenpaging.c for each error number.
/// </summary>
internal static class PagerRefusal
{
    /// <summary>The reason that is known without starting a pager; <see langword="null"/> when there is none.</summary>
    public static string? WithoutTrying(HostSpec host, SimulatedDomain domain)
    {
        if (!host.Paging)
            return "this hypervisor is built without memory paging (CONFIG_MEM_PAGING; ENOSYS)";
        if (domain.Spec.Kind == DomainKind.Pv)
            return $"paging needs hardware-assisted paging (HAP): domain {domain.Domid} is PV";
        return domain.Spec.Hap ? null : "xenpaging requires Hardware Assisted Paging (ENODEV): build the domain with 'hap=1'";
    }

    /// <summary>The error of Xen when a pager starts; <see langword="null"/> when it allows it.</summary>
    public static string? Of(DomainSpec domain) => domain switch
    {
        { Passthrough: true } => "xenpaging not supported while iommu passthrough is enabled (EMLINK): a device is passed through to the domain",
        { PopulateOnDemand: true } => "xenpaging not supported in a PoD guest (EXDEV): build the domain with 'memory' equal to 'maxmem'",
        { OtherPager: true } => "xenpaging is (or was) active on this domain (EBUSY): another pager holds it",
        _ => null,
    };
}
