using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>What the pools may hold at a target, and what is to be dropped for it. Pure.</summary>
/// <param name="Cap">The most that they may hold: so much that the footprint is at the target.</param>
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

/// <summary>How the pools are, for a person. Pure.</summary>
internal static class TmemWords
{
    public static string Of(TmemPools pools) =>
        $"the pools hold {pools.Ephemeral.ToKib()} ephemeral and {pools.Persistent.ToKib()} persistent"
        + (pools.Cap is { } cap ? $", capped at {cap}" : "") + (pools.Frozen ? ", frozen" : "");

    public static string Reached(TmemPools before, TmemPools now) =>
        (before.Ephemeral > now.Ephemeral ? $"{(before.Ephemeral - now.Ephemeral).ToKib()} of ephemeral pages dropped; " : "") + Of(now);

    public static string NothingToDrop(TmemPools pools, Kib rest) =>
        $"{rest} short: no ephemeral page is left to drop"
        + (pools.Persistent > Pages.Zero ? ", and persistent ones are the guest's data, which it alone can take back; " : "; ") + Of(pools);

    public static string NothingPut(TmemPools pools, Kib rest) => $"{rest} below the target: the guest puts no more into its pools; {Of(pools)}";
}
