using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Paging;

/// <summary>
/// Why Xen lets no pager on a domain, in the order in which it looks (<c>vm_event_domctl</c>), and in the words of
/// tools/xenpaging/xenpaging.c for each error number.
/// </summary>
internal static class PagerRefusal
{
    /// <summary>What is known without trying; <see langword="null"/> when nothing is.</summary>
    public static string? WithoutTrying(HostSpec host, SimulatedDomain domain)
    {
        if (!host.Paging)
            return "this hypervisor is built without memory paging (CONFIG_MEM_PAGING; ENOSYS)";
        if (domain.Spec.Kind == DomainKind.Pv)
            return $"paging needs hardware-assisted paging (HAP): domain {domain.Domid} is PV";
        return domain.Spec.Hap ? null : "xenpaging requires Hardware Assisted Paging (ENODEV): build the domain with 'hap=1'";
    }

    /// <summary>What Xen says when a pager starts; <see langword="null"/> when it lets it.</summary>
    public static string? Of(DomainSpec domain) => domain switch
    {
        { Passthrough: true } => "xenpaging not supported while iommu passthrough is enabled (EMLINK): a device is passed through to the domain",
        { PopulateOnDemand: true } => "xenpaging not supported in a PoD guest (EXDEV): build the domain with 'memory' equal to 'maxmem'",
        { OtherPager: true } => "xenpaging is (or was) active on this domain (EBUSY): another pager holds it",
        _ => null,
    };
}
