using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>How claims behave in a version of Xen.</summary>
/// <param name="FreedPagesGrow">A page that a domain frees grows its claim again, and nothing checks whether there is memory for it.</param>
/// <param name="RefuseDying">A dying domain can claim nothing. Before, its claim was accepted, and nothing ever gave it back.</param>
/// <param name="RefusedByColoring">There are no claims, because Xen colours the cache.</param>
/// <param name="Sets">A domain can have a set of claims, on several nodes, as was proposed in 2025.</param>
internal sealed record ClaimRules(bool FreedPagesGrow, bool RefuseDying, bool RefusedByColoring, bool Sets)
{
    /// <summary>The first version with cache colouring.</summary>
    public static readonly Version Coloring = new(4, 20);

    // The counters move when pages are allocated, not when they are assigned (75d29d9b5e, with backports to the branches of 4.19 and 4.20).
    private static readonly Version Fixed = new(4, 19);

    public static ClaimRules Of(HostSpec host) =>
        new(host.XenVersion < Fixed, host.XenVersion >= Fixed, host.LlcColoring && host.XenVersion >= Coloring, host.ClaimSets);
}

/// <summary>A set of claims: an amount anywhere, and an amount on each node from 0.</summary>
internal sealed record ClaimSet(Kib Anywhere, IReadOnlyList<Kib> OnNodes)
{
    public Kib Sum => OnNodes.Aggregate(Anywhere, (sum, amount) => sum + amount);

    public override string ToString() =>
        string.Join(", ", OnNodes.Select((amount, node) => $"{amount} on node {node}").Prepend($"{Anywhere} anywhere"));
}
