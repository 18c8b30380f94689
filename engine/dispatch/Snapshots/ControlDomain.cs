using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Snapshots;

/// <summary>
/// The memory keys of dom0. No toolstack writes them when the host boots; libxl writes them on the first request about dom0
/// (libxl__fill_dom0_memory_info), but only if both are missing. Without them, dom0's original size is unknown once it has shrunk.
/// </summary>
internal static class ControlDomain
{
    /// <summary>Records dom0's size in xenstore, as libxl would, before its first target changes it. Other domains are left alone.</summary>
    public static async ValueTask<DomainSnapshot> RecordSizeAsync(IXenStore store, DomainSnapshot snapshot, CancellationToken cancellation)
    {
        if (snapshot is not { Domid: 0, Target: not null, StaticMax: null, Info: { } info })
            return snapshot;
        var most = Text(Kib.Min(info.MaxMem, snapshot.HostTotal ?? info.MaxMem));
        await store.WriteTextAsync($"{PolicyKeys.Domain(0)}/{DomainKeys.StaticMax}", most, cancellation);
        if (await store.TryReadAsync($"{PolicyKeys.Domain(0)}/{DomainKeys.BalloonTarget}", cancellation) is null)
            await store.WriteTextAsync($"{PolicyKeys.Domain(0)}/{DomainKeys.BalloonTarget}", Text(info.Footprint), cancellation);
        return snapshot with { StaticMax = most };
    }

    private static string Text(Kib amount) => amount.Value.ToString(CultureInfo.InvariantCulture);
}
