using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// The memory that a domain holds in addition to its balloon target: video memory, and what its builder allocated. It stays constant for the
/// life of the domain, so it is learned once, from the target that the toolstack has set (like squeezed's <c>memory/memory-offset</c>). Pure.
/// </summary>
internal static class BalloonOffset
{
    /// <summary>
    /// What an offset without video memory is at most, usually. A larger difference is not an offset: the guest was still moving, it has no
    /// driver, or another program wrote the key.
    /// </summary>
    public static readonly Kib Usual = Kib.FromMiB(32);

    // xenopsd's estimate for the shim in which a PV guest runs as PVH: 23 MiB and 1/90 of static-max (xapi-idl/memory/memory.ml).
    private static readonly Kib Shim = Kib.FromMiB(23);
    private const int ShimShare = 90;

    // OVMF with its ROMs and tables, and a second emulated card, fit into this.
    private static readonly Kib LargeFirmware = Kib.FromMiB(64);

    /// <summary>Learns the offset.</summary>
    /// <param name="info">What the hypervisor reports about the domain.</param>
    /// <param name="target">The value of <c>memory/target</c>, if there is one.</param>
    /// <param name="video">The value of <c>memory/videoram</c>.</param>
    /// <returns>The offset; <see langword="null"/> if the difference cannot be an offset.</returns>
    public static Kib? Learn(DomainInfo info, Kib? target, Kib video) =>
        target is { } current && info.Populated - info.TmemPages.ToKib() - current is var offset && IsPlausible(offset, video, info) ? offset : null;

    /// <summary>Whether a value can be an offset. With a wrong one, the balloon target would be below what the guest needs.</summary>
    public static bool IsPlausible(Kib offset, Kib video, DomainInfo info) =>
        offset >= video - Usual && offset <= video + (info.Kind switch
        {
            // Dom0 has no shim, and its max_mem usually has no bound.
            DomainKind.Pvh when info.Domid != 0 => Kib.Max(Usual, Shim + new Kib(info.MaxMem.Value / ShimShare) + new Kib(Shim.Value / 4)),
            DomainKind.Hvm => LargeFirmware,
            _ => Usual,
        });
}
