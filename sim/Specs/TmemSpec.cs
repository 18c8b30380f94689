using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>How much a guest keeps in tmem pools where it is let.</summary>
internal sealed record TmemSpec
{
    /// <summary>Clean file cache, which it can read again (cleancache).</summary>
    public Kib Ephemeral { get; init; }

    /// <summary>What it swapped out (frontswap).</summary>
    public Kib Persistent { get; init; }

    public Kib Wanted => Ephemeral + Persistent;

    /// <summary>How fast it puts pages.</summary>
    public Rate Rate { get; init; } = Rate.MiBPerSecond(100);
}
