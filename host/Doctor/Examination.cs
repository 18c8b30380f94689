using Actors.Host.Platforms;
using Actors.Sdk;
using Actors.Xen;
using Actors.Xen.Calls;
using Actors.Xen.Paging;

namespace Actors.Host.Doctor;

/// <summary>Looks at this host, and changes nothing.</summary>
internal static class Examination
{
    public static async Task<IReadOnlyList<DoctorFinding>> LookAsync(Dom0 dom0, CancellationToken cancellation)
    {
        var findings = new List<DoctorFinding> { Of(dom0) };
        if (!Environment.IsPrivilegedProcess)
            findings.Add(new DoctorFinding("user", Standing.Bad, $"'{Environment.UserName}' is not root, who alone may talk to Xen", "run 'sudo actors doctor'"));
        XenFeatures? xen = null;
        try
        {
            using var door = LibXenCall.Open();
            xen = XenFeatures.Read(door);
            findings.AddRange(HypervisorFindings.Of(xen));
        }
        catch (HypervisorException error)
        {
            findings.Add(new DoctorFinding("hypervisor", Standing.Bad, error.Message, dom0.Is ? "" : "boot Xen, and run this in its dom0"));
        }
        if (dom0.Is)
        {
            findings.AddRange(await StoreFindings.OfAsync(xen?.StoreDomain, cancellation));
            findings.AddRange(PagerFindings.Of(xen, new XenPagingProgram(), new PageFileFolder(XenPagers.StandardFolder)));
        }
        return findings;
    }

    private static DoctorFinding Of(Dom0 dom0) => dom0.Is
        ? DoctorFinding.Ok("dom0", $"this is one: {dom0.Evidence}")
        : new DoctorFinding("dom0", Standing.Bad, $"this is none: {dom0.Evidence}", "'actors run' and 'actors demo' work here on a simulated machine; for real domains, run this in the dom0 of a Xen host");
}
