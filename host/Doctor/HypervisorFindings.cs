using Actors.Sdk;
using Actors.Xen;

namespace Actors.Host.Doctor;

/// <summary>What the hypervisor offers, and what follows for the actors. Pure.</summary>
internal static class HypervisorFindings
{
    private const string Rebuild = "rebuild the hypervisor with";

    public static IEnumerable<DoctorFinding> Of(XenFeatures xen)
    {
        yield return DoctorFinding.Ok("hypervisor", $"Xen {xen.Version}, toolstack interface domctl 0x{xen.Versions.Domctl:x}, sysctl 0x{xen.Versions.Sysctl:x}");
        yield return DoctorFinding.Ok("balloon", "works on every guest with a balloon driver");
        yield return Hap(xen);
        yield return xen.Paging
            ? DoctorFinding.Ok("memory paging", "built in")
            : new DoctorFinding("memory paging", Standing.Lacks, "this hypervisor is built without it, so the actor 'paging' is unable",
                $"policies go on without it; to have it, {Rebuild} CONFIG_EXPERT, CONFIG_UNSUPPORTED and CONFIG_MEM_PAGING (docs/xen.md)");
        yield return xen.Sharing
            ? DoctorFinding.Ok("memory sharing", $"built in, {new Pages(xen.SharedFrames ?? 0).ToKib()} shared now")
            : new DoctorFinding("memory sharing", Standing.Lacks, "this hypervisor is built without it, so the actor 'sharing' is unable",
                $"policies go on without it; to have it, {Rebuild} CONFIG_EXPERT, CONFIG_UNSUPPORTED and CONFIG_MEM_SHARING");
        yield return xen.Claims
            ? DoctorFinding.Ok("claims", "kept (XENMEM_claim_pages)")
            : new DoctorFinding("claims", Standing.Lacks, "this hypervisor keeps none", "memory can only be promised by what is left free");
    }

    private static DoctorFinding Hap(XenFeatures xen) => (xen.Hvm, xen.Hap) switch
    {
        (_, true) => DoctorFinding.Ok("HAP", "there is hardware-assisted paging for PVH and HVM guests"),
        (true, _) => new DoctorFinding("HAP", Standing.Lacks, "PVH and HVM guests run on shadow page tables, so none can be paged or shared",
            "look for 'hap=0' on Xen's command line, and for EPT or nested paging in the firmware's settings"),
        _ => new DoctorFinding("HAP", Standing.Lacks, "this machine runs PV guests alone, and a PV guest cannot be paged or shared",
            "switch on VT-x or AMD-V in the firmware's settings"),
    };
}
