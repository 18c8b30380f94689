using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Tmem;

/// <summary>Decides which domains have tmem pools.</summary>
internal static class TmemSupport
{
    private static readonly Version FirstWithoutTmem = new(4, 13);

    /// <summary>Why a domain has no tmem pool; <see langword="null"/> when it has one.</summary>
    public static string? WhyNot(HostSpec host, SimulatedDomain domain)
    {
        if (host.XenVersion >= FirstWithoutTmem)
            return $"tmem was removed from Xen in 4.13, and this is {host.XenVersion}";
        if (!host.Tmem)
            return "tmem is off on this host: boot Xen with 'tmem'";
        return domain.Tmem.Used ? null : $"domain {domain.Domid} has no tmem pool: its guest does not use tmem (boot it with 'tmem')";
    }
}
