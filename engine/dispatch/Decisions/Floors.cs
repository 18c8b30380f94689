using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.Decisions;

/// <summary>Chooses the floor of a domain. Below it, a guest would run out of memory and die, so no target may be lower.</summary>
internal static class Floors
{
    /// <summary>The domain's own key comes first, then the policy's floor, then the default.</summary>
    public static Floor For(Kib? domainKey, ActorEntry actor, Kib staticMax) => (domainKey, (actor as PolicyEntry)?.Floor) switch
    {
        ({ } key, _) => new Floor(key, "memory-policy/floor"),
        (_, { } policy) => new Floor(policy, $"policy '{actor.Name}'"),
        _ => new Floor(Default(staticMax), $"default for a static-max of {staticMax}"),
    };

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
