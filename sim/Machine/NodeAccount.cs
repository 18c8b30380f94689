using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>The pages of a domain on each node, and what it has claimed there.</summary>
/// <param name="nodes">How many nodes the machine has.</param>
/// <param name="affinity">The node on which the domain gets its memory as long as there is any; <see langword="null"/>: all nodes alike.</param>
internal sealed class NodeAccount(int nodes, int? affinity)
{
    private readonly long[] _held = new long[nodes];
    private readonly long[] _claimed = new long[nodes];

    public int? Affinity => affinity;

    /// <summary>Which part of its pages is on its own node, from 0 to 1; <see langword="null"/> if it has none.</summary>
    public double? Local => affinity is { } near && _held.Sum() is > 0 and var held ? _held[near] / (double)held : null;

    /// <summary>What is claimed on all nodes.</summary>
    public Pages Outstanding => new(_claimed.Sum());

    /// <summary>How many of its pages are on a node.</summary>
    public ref long Held(int node) => ref _held[node];

    /// <summary>What it has claimed on a node and not allocated yet.</summary>
    public ref long Claimed(int node) => ref _claimed[node];
}
