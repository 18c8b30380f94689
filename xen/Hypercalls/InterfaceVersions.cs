using Actors.Sdk;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>
/// The versions of the toolstack interface that this hypervisor uses. It returns EACCES for every other version, so probing is safe.
/// Versions from xen/include/public/domctl.h and sysctl.h of the releases 4.14 to 4.21 and the development tree after it.
/// </summary>
/// <param name="Domctl">0x12 (4.14) … 0x17 (4.19 to 4.21), 0x18.</param>
/// <param name="Sysctl">0x13 (4.14) … 0x15 (4.17 to 4.20), 0x16 (4.21).</param>
internal sealed record InterfaceVersions(uint Domctl, uint Sysctl)
{
    public const uint FirstDomctl = 0x12, LastDomctl = 0x18;
    public const uint FirstSysctl = 0x13, LastSysctl = 0x16;

    /// <exception cref="HypervisorException">No version matches. The message names the versions that were tried and the version of the hypervisor.</exception>
    public static InterfaceVersions Probe(IXenCall xen, string version) => new(
        Find("XEN_DOMCTL_getdomaininfo", FirstDomctl, LastDomctl, version, candidate => Hypercalls.Domctl.Probe(xen, candidate)),
        Find("XEN_SYSCTL_physinfo", FirstSysctl, LastSysctl, version, candidate => Hypercalls.Sysctl.Probe(xen, candidate)));

    private static uint Find(string call, uint first, uint last, string version, Func<uint, int> probe)
    {
        var errno = Errno.NoAccess;
        for (var candidate = last; candidate >= first && errno == Errno.NoAccess; candidate--)
        {
            errno = probe(candidate);
            if (errno == 0)
                return candidate;
        }
        throw new HypervisorException(call, errno, errno switch
        {
            Errno.NoAccess => $"this hypervisor (Xen {version}) supports none of the interface versions 0x{first:x} to 0x{last:x} (Xen 4.14 to 4.21); install a newer version of Actors",
            Errno.NotPermitted => "this is not dom0, and only dom0 may query other domains",
            _ => $"Xen {version} rejected the call",
        });
    }
}
