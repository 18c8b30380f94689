using Actors.Sdk;

namespace Actors.Xen;

/// <summary>Explains why a mechanism is not available on a real Xen.</summary>
internal static class UnavailableMechanism
{
    public static string WhyNot<TMechanism>(XenHypervisor xen) where TMechanism : class
    {
        if (typeof(TMechanism) == typeof(ITmem))
            return $"{xen.Description} has no tmem: it was removed from Xen in 4.13";
        if (typeof(TMechanism) == typeof(ISharing))
        {
            return xen.Memory.HasSharing
                ? $"{xen.Description} can share memory, but Actors does not support that yet; use 'xen-memshare'"
                : "this hypervisor is built without memory sharing (CONFIG_MEM_SHARING)";
        }
        if (typeof(TMechanism) == typeof(IHinting))
            return $"{xen.Description} has no interface by which a guest marks its pages unused or volatile";
        return $"{xen.Description} does not offer {typeof(TMechanism).Name[1..].ToLowerInvariant()}";
    }
}
