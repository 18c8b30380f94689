using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>Describes the state of the pools for people to read. Pure.</summary>
internal static class TmemReasons
{
    public static string Describe(TmemPools pools) =>
        $"the pools hold {pools.Ephemeral.ToKib()} ephemeral and {pools.Persistent.ToKib()} persistent"
        + (pools.Cap is { } cap ? $", capped at {cap}" : "") + (pools.Frozen ? ", frozen" : "");

    public static string Reached(TmemPools before, TmemPools now) =>
        (before.Ephemeral > now.Ephemeral ? $"{(before.Ephemeral - now.Ephemeral).ToKib()} of ephemeral pages dropped; " : "") + Describe(now);

    public static string NothingToDrop(TmemPools pools, Kib rest) =>
        $"{rest} short: no ephemeral pages are left to drop"
        + (pools.Persistent > Pages.Zero ? ", and only the guest can take its persistent pages back; " : "; ") + Describe(pools);

    public static string NotGrowing(TmemPools pools, Kib rest, bool hostIsFull) => $"{rest} below the target: "
        + (hostIsFull ? "the host has no more free memory above its reserve for the pools" : "the guest puts no more pages into its pools") + $"; {Describe(pools)}";
}
