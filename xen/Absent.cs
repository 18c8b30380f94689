using Actors.Sdk;

namespace Actors.Xen;

/// <summary>Why a mechanism cannot be had on a real Xen.</summary>
internal static class Absent
{
    public static string WhyNot<TMechanism>(XenHypervisor xen) where TMechanism : class
    {
        if (typeof(TMechanism) == typeof(ITmem))
            return $"{xen.Description} has no tmem: it was removed from Xen in 4.13";
        if (typeof(TMechanism) == typeof(ISharing))
        {
            return xen.Memory.HasSharing
                ? $"{xen.Description} can share memory, but this program cannot drive it yet; 'xen-memshare' can"
                : "this hypervisor is built without memory sharing (CONFIG_MEM_SHARING)";
        }
        return $"{xen.Description} offers no {typeof(TMechanism).Name[1..].ToLowerInvariant()}";
    }
}
