using Actors.Sdk;
using Actors.Xen.Calls;
using Actors.Xen.Hypercalls;

namespace Actors.Xen;

/// <summary>What a hypervisor can do; asking changes nothing.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Versions">Which shape of its toolstack interface it speaks.</param>
/// <param name="Hvm">Whether it runs PVH and HVM guests.</param>
/// <param name="Hap">Whether it has hardware-assisted paging.</param>
/// <param name="Paging">Whether it is built with memory paging.</param>
/// <param name="Sharing">Whether it is built with memory sharing.</param>
/// <param name="SharedFrames">How many frames of the host are shared; <see langword="null"/> without sharing.</param>
/// <param name="Claims">Whether it keeps claims.</param>
/// <param name="StoreDomain">The domain that is a xenstored of its own; <see langword="null"/> when none is.</param>
/// <param name="LargestPageable">What the largest guest holds that could be paged.</param>
internal sealed record XenFeatures(
    string Version, InterfaceVersions Versions, bool Hvm, bool Hap, bool Paging, bool Sharing, long? SharedFrames, bool Claims, int? StoreDomain, Kib LargestPageable)
{
    /// <exception cref="HypervisorException">It does not answer; the message says what to do.</exception>
    public static XenFeatures Ask(IXenCall xen)
    {
        var version = XenVersion.Ask(xen);
        var versions = InterfaceVersions.Probe(xen, version);
        var sysctl = new Sysctl(xen, versions);
        var memory = new MemoryOps(xen);
        var machine = sysctl.AskMachine();
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
