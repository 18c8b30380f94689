using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>Chooses the floor of a domain. Below it, a guest would run out of memory and die, so no target may be lower.</summary>
internal static class Floors
{
    private static readonly Kib Dom0Needs = Kib.FromMiB(512);

    /// <summary>
    /// The domain's own key or class comes first, then the policy's floor, then the default. The floor of a policy is meant for guests, so it
    /// never lowers that of dom0.
    /// </summary>
    public static Floor For(Floor? domain, ActorEntry actor, Kib staticMax, int domid)
    {
        var byDefault = Default(staticMax, domid);
        return (domain, (actor as PolicyEntry)?.Floor) switch
        {
            ({ } own, _) => own,
            (_, { } policy) when domid != 0 || policy >= byDefault => new Floor(policy, $"policy '{actor.Name}'"),
            _ => new Floor(byDefault, $"default for a {(domid == 0 ? "dom0" : "static-max")} of {staticMax}"),
        };
    }

    /// <summary>
    /// The default floor of a domain. Dom0 runs xenstored, the toolstack and the back ends of all guests, so it keeps 512 MiB, or half of
    /// its memory if it has less than 1 GiB.
    /// </summary>
    public static Kib Default(Kib staticMax, int domid) =>
        domid == 0 ? Kib.Max(Default(staticMax), Kib.Min(Dom0Needs, new Kib(staticMax.Value / 2))) : Default(staticMax);

    /// <summary>
    /// What a Linux guest of that size needs for itself: the piecewise rule that xenballoond used for its minimum target.
    /// </summary>
    public static Kib Default(Kib staticMax)
    {
        var mebibytes = staticMax.Value / 1024;
        return Kib.FromMiB(mebibytes switch
        {
            < 125 => 8 + mebibytes / 2,
            < 500 => 40 + mebibytes / 4,
            < 2000 => 104 + mebibytes / 8,
            _ => 296 + mebibytes / 32,
        });
    }
}
