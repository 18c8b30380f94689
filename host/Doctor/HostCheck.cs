using Actors.Cli.Settings;
using Actors.Host.Platforms;
using Actors.Sdk;
using Actors.Xen;
using Actors.Xen.Calls;
using Actors.Xen.Paging;

namespace Actors.Host.Doctor;

/// <summary>Checks this host without changing anything.</summary>
internal static class HostCheck
{
    public static async Task<IReadOnlyList<DoctorFinding>> RunAsync(Dom0 dom0, CancellationToken cancellation)
    {
        var findings = new List<DoctorFinding> { Of(dom0) };
        if (!Environment.IsPrivilegedProcess)
            findings.Add(new DoctorFinding("user", FindingStatus.Bad, $"'{Environment.UserName}' is not root, and only root may use Xen", "run 'sudo actors doctor'"));
        XenFeatures? xen = null;
        try
        {
            using var calls = LibXenCall.Open();
            xen = XenFeatures.Read(calls);
            findings.AddRange(HypervisorFindings.Of(xen));
        }
        catch (HypervisorException error)
        {
            findings.Add(new DoctorFinding("hypervisor", FindingStatus.Bad, error.Message, dom0.IsDom0 ? "" : "boot Xen, and run 'actors doctor' in its dom0"));
        }
        if (dom0.IsDom0)
        {
            findings.AddRange(await StoreFindings.OfAsync(xen?.StoreDomain, cancellation));
            findings.AddRange(PluginFindings.Of(HostPaths.Markers));
            findings.AddRange(PagerFindings.Of(xen, new XenPagingProgram(), new PageFileFolder(XenPagers.StandardFolder)));
        }
        else
        {
            findings.AddRange(await StoreFindings.OfSimulationAsync(cancellation));
        }
        return findings;
    }

    private static DoctorFinding Of(Dom0 dom0) => dom0.IsDom0
        ? DoctorFinding.Ok("dom0", $"this system is a dom0: {dom0.Evidence}")
        : new DoctorFinding("dom0", FindingStatus.Bad, $"this system is not a dom0: {dom0.Evidence}", "'actors run' and 'actors demo' use a simulated machine here; for real domains, run actors in the dom0 of a Xen host");
}
