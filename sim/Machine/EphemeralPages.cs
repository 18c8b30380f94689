using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>The ephemeral pages of all pools. The machine drops them when it needs memory.</summary>
internal sealed class EphemeralPages
{
    private readonly List<IEphemeralPool> _pools = [];

    public Pages Held
    {
        get
        {
            var sum = Pages.Zero;
            foreach (var pools in _pools)
                sum += pools.Ephemeral;
            return sum;
        }
    }

    public void Add(IEphemeralPool pools) => _pools.Add(pools);

    public void Remove(IEphemeralPool pools) => _pools.Remove(pools);

    /// <summary>Drops that many pages, always from the pool with the most pages for its weight. The pools must have that many.</summary>
    public void Drop(Pages amount)
    {
        while (amount > Pages.Zero)
        {
            var richest = _pools.Where(pools => pools.Ephemeral > Pages.Zero).MaxBy(pools => pools.Ephemeral.Value / (pools.Weight + 0.001))!;
            amount -= richest.Drop(Pages.Min(amount, Batch));
        }
    }

    private static readonly Pages Batch = new(64);
}
