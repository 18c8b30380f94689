using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>What the pools may hold at a target, and how many pages to drop for it. Pure.</summary>
/// <param name="Cap">The most that the pools may hold when the footprint is at the target.</param>
/// <param name="Flush">Ephemeral pages to drop now.</param>
internal readonly record struct TmemStep(Kib Cap, Pages Flush)
{
    public static TmemStep For(DomainInfo info, TmemPools pools, TargetRequest request, TmemArgument argument)
    {
        var held = pools.Held.ToKib();
        var cap = Kib.Max(Kib.Zero, held - (info.Footprint - request.Target));
        if (argument.Cap is { } most)
            cap = Kib.Min(cap, most);
        return new TmemStep(cap, Pages.Max(Pages.Zero, Pages.Min(pools.Ephemeral, (held - cap).ToPages())));
    }
}
