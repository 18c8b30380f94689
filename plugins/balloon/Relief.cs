using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// The memory that a guest gets back when it cannot reach its target. Without it, the driver would keep taking every page that the guest
/// frees: on Xen 4.17, PV guests with a target 80 MiB below what they could give up died within two minutes. Pure.
/// </summary>
internal static class Relief
{
    private static readonly Kib LeastHeadroom = Kib.FromMiB(16);

    /// <summary>The memory that a guest keeps free: 5 % of its footprint, and at least 16 MiB.</summary>
    public static Kib Headroom(Kib footprint) => Kib.Max(LeastHeadroom, new Kib(footprint.Value / 20));

    /// <summary>The footprint to request after the guest has stopped: what it reached plus the headroom, but no more than it had.</summary>
    /// <param name="reached">The memory of the guest now.</param>
    /// <param name="start">The memory of the guest when the run started.</param>
    public static Kib Footprint(Kib reached, Kib start) => Kib.Min(Kib.Max(reached, start), (reached + Headroom(reached)).ToPages().ToKib());

    /// <summary>What was done for a guest, as a part of the reason; empty if nothing was.</summary>
    public static string Describe(ReliefCheck? check) => check switch
    {
        null => "",
        { Stage: ReliefStage.UsedUp } => $"; its balloon was relieved to {check.Relieved}, but the guest did not keep that free, so it gets everything back: its balloon now aims for {check.Aim}",
        _ => $"; its balloon was relieved and now aims for {check.Aim}",
    };
}
