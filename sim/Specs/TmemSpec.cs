using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>How much a guest keeps in tmem pools when it may.</summary>
internal sealed record TmemSpec
{
    /// <summary>Clean file cache, which the guest can read again (cleancache).</summary>
    public Kib Ephemeral { get; init; }

    /// <summary>Swapped-out pages (frontswap).</summary>
    public Kib Persistent { get; init; }

    public Kib Wanted => Ephemeral + Persistent;

    /// <summary>How fast the guest puts pages.</summary>
    public Rate Rate { get; init; } = Rate.MiBPerSecond(100);
}
