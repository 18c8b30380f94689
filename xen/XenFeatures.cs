using Actors.Sdk;
using Actors.Xen.Calls;
using Actors.Xen.Hypercalls;

namespace Actors.Xen;

/// <summary>The features of a hypervisor. Reading them changes nothing.</summary>
/// <param name="Version">The version of the hypervisor.</param>
/// <param name="Versions">The versions of its toolstack interface.</param>
/// <param name="Hvm">Whether it can run PVH and HVM guests.</param>
/// <param name="Hap">Whether it has hardware-assisted paging.</param>
/// <param name="Paging">Whether it is built with memory paging.</param>
/// <param name="Sharing">Whether it is built with memory sharing.</param>
/// <param name="SharedFrames">The number of shared frames on the host; <see langword="null"/> without sharing.</param>
/// <param name="Claims">Whether it supports claims.</param>
/// <param name="StoreDomain">The xenstore stub domain; <see langword="null"/> if there is none.</param>
/// <param name="LargestPageable">The memory of the largest guest that could be paged.</param>
internal sealed record XenFeatures(
    string Version, InterfaceVersions Versions, bool Hvm, bool Hap, bool Paging, bool Sharing, long? SharedFrames, bool Claims, int? StoreDomain, Kib LargestPageable)
{
    /// <exception cref="HypervisorException">The hypervisor cannot be queried. The message says what to do.</exception>
    public static XenFeatures Read(IXenCall xen)
    {
        var version = XenVersion.Read(xen);
        var versions = InterfaceVersions.Probe(xen, version);
        var sysctl = new Sysctl(xen, versions);
        var memory = new MemoryOps(xen);
        var machine = sysctl.ReadPhysicalInfo();
        var domains = sysctl.ListDomains();
        return new XenFeatures(
            version, versions,
            (machine.Capabilities & PhysicalRecord.Hvm) != 0,
            (machine.Capabilities & PhysicalRecord.Hap) != 0,
            memory.HasPaging, memory.HasSharing, memory.HasSharing ? Math.Max(0, memory.SharingSharedPages()) : null, memory.HasClaims,
            domains.FirstOrDefault(domain => (domain.Flags & DomainRecord.XenStoreDomain) != 0)?.Domid,
            new Pages(domains.Where(domain => (domain.Flags & DomainRecord.Hap) != 0).Select(domain => domain.TotPages).DefaultIfEmpty().Max()).ToKib());
    }
}
