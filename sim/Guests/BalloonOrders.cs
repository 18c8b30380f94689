using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Guests;

/// <summary>The order in which each kind of balloon driver takes pages.</summary>
internal static class BalloonOrders
{
    public static BalloonOrder Of(BalloonPages pages, Random random) => pages switch
    {
        BalloonPages.Random => new RandomOrder(random),
        BalloonPages.Colocated => new ColocatedOrder(),
        BalloonPages.Superpages => new SuperpageOrder(),
        BalloonPages.Compacting => new CompactingOrder(),
        _ => throw new NotSupportedException($"{pages} is not supported here."),
    };
}
