using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Decisions;

/// <summary>
/// No toolstack writes dom0's memory keys when it starts; libxl does when it is first asked about them (libxl__fill_dom0_memory_info, which
/// does not help where one of both is there already). Without them nobody could tell what dom0 had at first, once it was made smaller.
/// </summary>
internal static class ControlDomain
{
    /// <summary>What the hypervisor's word adds: dom0's max_mem has no bound as a rule, but the machine has.</summary>
    public static async ValueTask<DomainSnapshot> SeeAsync(IHypervisor hypervisor, DomainSnapshot situation, CancellationToken cancellation) =>
        situation.Domid == 0 ? situation with { Machine = (await hypervisor.GetHostMemoryAsync(cancellation)).Total } : situation;

    /// <summary>Somebody asks for dom0 by name: what it has is written down, as libxl would, before it changes.</summary>
    public static async ValueTask<DomainSnapshot> WriteDownAsync(IXenStore store, DomainSnapshot situation, CancellationToken cancellation)
    {
        if (situation is not { Domid: 0, Target: not null, StaticMax: null, Info: { } info })
            return situation;
        var most = Text(Kib.Min(info.MaxMem, situation.Machine ?? info.MaxMem));
        await store.WriteTextAsync($"{PolicyKeys.Domain(0)}/{DomainKeys.StaticMax}", most, cancellation);
        if (await store.TryReadAsync($"{PolicyKeys.Domain(0)}/{DomainKeys.BalloonTarget}", cancellation) is null)
            await store.WriteTextAsync($"{PolicyKeys.Domain(0)}/{DomainKeys.BalloonTarget}", Text(info.Footprint), cancellation);
        return situation with { StaticMax = most };
    }

    private static string Text(Kib amount) => amount.Value.ToString(CultureInfo.InvariantCulture);
}
