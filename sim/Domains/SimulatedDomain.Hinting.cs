using Actors.Sdk;
using Actors.Sim.Memory;

namespace Actors.Sim.Domains;

/// <content>The part that knows which pages the host has discarded.</content>
internal sealed partial class SimulatedDomain
{
    private Pages _returnable;

    /// <summary>How many pages that the host had discarded got a frame again because the guest put them to use.</summary>
    public Pages Returned { get; private set; }

    /// <summary>The host discards pages that the guest volunteered.</summary>
    /// <param name="discard">Discards them in the guest's memory and returns how many.</param>
    public Pages Discard(Func<GuestMemory, Pages> discard)
    {
        var discarded = Settle(Memory.Resident, discard(Memory));
        _returnable += discarded;
        return discarded;
    }

    private Pages UseDiscarded(PageClass from, PageClass to, Pages most)
    {
        var before = Memory.Discarded;
        var (moved, step) = (Pages.Zero, Pages.Zero);
        do
        {
            // The guest uses its free pages that have a frame first. Otherwise, each page may need one.
            var present = from == PageClass.Free && Memory.SharedOf(from) == Pages.Zero ? Memory.Of(from) - Memory.DiscardedOf(from) : Pages.Zero;
            step = UseShared(from, to, Pages.Min(most - moved, present + Room));
            moved += step;
        }
        while (step > Pages.Zero && moved < most);
        var returned = Pages.Min(_returnable, before - Memory.Discarded);
        _returnable -= returned;
        Returned += returned;
        return moved;
    }
}
