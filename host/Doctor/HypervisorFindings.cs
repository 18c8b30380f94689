using Actors.Sdk;
using Actors.Xen;

namespace Actors.Host.Doctor;

/// <summary>Reports the features of the hypervisor, and their effect on the actors.</summary>
internal static class HypervisorFindings
{
    private const string Rebuild = "rebuild the hypervisor with";

    public static IEnumerable<DoctorFinding> Of(XenFeatures xen)
    {
        yield return DoctorFinding.Ok("hypervisor", $"Xen {xen.Version}, toolstack interface domctl 0x{xen.Versions.Domctl:x}, sysctl 0x{xen.Versions.Sysctl:x}");
        yield return DoctorFinding.Ok("balloon", "works for every guest with a balloon driver");
        yield return Hap(xen);
        yield return xen.Paging
            ? DoctorFinding.Ok("memory paging", "available")
            : new DoctorFinding("memory paging", FindingStatus.Missing, "this hypervisor is built without memory paging, so the actor 'paging' is unable",
                $"policies continue without it; to use it, {Rebuild} CONFIG_EXPERT, CONFIG_UNSUPPORTED and CONFIG_MEM_PAGING (docs/xen.md)");
        yield return xen.Sharing
            ? DoctorFinding.Ok("memory sharing", $"available, {new Pages(xen.SharedFrames ?? 0).ToKib()} shared now")
            : new DoctorFinding("memory sharing", FindingStatus.Missing, "this hypervisor is built without memory sharing, so the actor 'sharing' is unable",
                $"policies continue without it; to use it, {Rebuild} CONFIG_EXPERT, CONFIG_UNSUPPORTED and CONFIG_MEM_SHARING");
        yield return xen.Claims
            ? DoctorFinding.Ok("claims", "available (XENMEM_claim_pages)")
            : new DoctorFinding("claims", FindingStatus.Missing, "this hypervisor does not support claims", "nothing to do: reservations are made without hypervisor claims");
    }

    private static DoctorFinding Hap(XenFeatures xen) => (xen.Hvm, xen.Hap) switch
    {
        (_, true) => DoctorFinding.Ok("HAP", "hardware-assisted paging is available for PVH and HVM guests"),
        (true, _) => new DoctorFinding("HAP", FindingStatus.Missing, "PVH and HVM guests run on shadow page tables, so none can be paged or shared",
            "remove 'hap=0' from Xen's command line, and enable EPT or nested paging in the firmware settings"),
        _ => new DoctorFinding("HAP", FindingStatus.Missing, "this machine can run only PV guests, and PV guests cannot be paged or shared",
            "enable VT-x or AMD-V in the firmware settings"),
    };
}
