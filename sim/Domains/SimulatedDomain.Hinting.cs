using Actors.Sdk;
using Actors.Sim.Machine;
using Actors.Sim.Memory;

namespace Actors.Sim.Domains;

/// <content>Pages that have no frame because the host has discarded them, and what a full host takes from the domain.</content>
internal sealed partial class SimulatedDomain : IReclaimable
{
    private Pages _returnable;
    private Pages _withheld;

    /// <summary>What the guest has volunteered; <see langword="null"/> when it does not mark its pages.</summary>
    public VolunteeredPages? Hints { get; private set; }

    /// <summary>How many pages that the host had discarded got a frame again because the guest put them to use.</summary>
    public Pages Returned { get; private set; }

    /// <summary>How many pages a guest that marks its pages has put to another use, and so has marked again.</summary>
    public long StateChanges { get; private set; }

    /// <summary>How many pages the host had to write to its disk before this domain got a frame.</summary>
    public long WaitedForWrites { get; private set; }

    /// <summary>The pages that were discarded to keep a limit, and that the guest has not used since.</summary>
    public Pages Withheld => Pages.Min(_withheld, Memory.Discarded);

    Pages IReclaimable.Reclaimable => Memory.Resident - Memory.ResidentOf(PageClass.Kernel);

    Pages IReclaimable.HeldIn(ReclaimTier tier) => tier switch
    {
        ReclaimTier.Unused => Hints?.Unused ?? Pages.Zero,
        ReclaimTier.Volatile => Hints?.Volatile ?? Pages.Zero,
        _ => Classes(tier).Aggregate(Pages.Zero, (sum, kind) => sum + Memory.ResidentOf(kind)),
    };

    Pages IReclaimable.Take(ReclaimTier tier, Pages most) => tier switch
    {
        ReclaimTier.Unused => Discard(_ => Hints!.DiscardUnused(most)),
        ReclaimTier.Volatile => Discard(_ => Hints!.DiscardVolatile(most)),
        _ => Settle(Memory.Resident, Classes(tier).Aggregate(Pages.Zero, (taken, kind) => taken + Memory.PageOut(kind, most - taken))),
    };

    /// <summary>The host discards pages that the guest volunteered.</summary>
    /// <param name="discard">Discards them in the guest's memory and returns how many.</param>
    public Pages Discard(Func<GuestMemory, Pages> discard)
    {
        var discarded = Settle(Memory.Resident, discard(Memory));
        _returnable += discarded;
        return discarded;
    }

    /// <summary>Discards up to <paramref name="most"/> pages that the guest volunteered, the unused ones first, and returns how many.</summary>
    public Pages Withhold(Pages most)
    {
        if (Hints is null || most <= Pages.Zero)
            return Pages.Zero;
        var withheld = Withheld;
        var discarded = Discard(_ => Hints.DiscardUnused(most));
        if (discarded < most)
            discarded += Discard(_ => Hints.DiscardVolatile(most - discarded));
        _withheld = withheld + discarded;
        return discarded;
    }

    /// <summary>
    /// Gives frames to up to <paramref name="most"/> withheld pages, as far as there is room, and returns how many. A page of the file cache is free then:
    /// its content is lost.
    /// </summary>
    public Pages ReturnWithheld(Pages most)
    {
        var withheld = Withheld;
        var wanted = Pages.Min(Pages.Min(most, withheld), Room);
        foreach (var kind in (PageClass[])[PageClass.InactiveCache, PageClass.ActiveCache])
            Memory.Forget(kind, wanted - Memory.DiscardedOf(PageClass.Free));
        var returned = Settle(Memory.Resident, Memory.Populate(PageClass.Free, wanted));
        _withheld = withheld - returned;
        _returnable = Pages.Max(Pages.Zero, _returnable - returned);
        return returned;
    }

    /// <summary>
    /// The guest reads pages of its file cache that the host has discarded. They get frames as far as there is room. Returns how many did.
    /// </summary>
    public Pages Reread(PageClass kind, Pages most) => Returning(() => Settle(Memory.Resident, Memory.Populate(kind, Pages.Min(most, Room))), isUse: false);

    private static PageClass[] Classes(ReclaimTier tier) => tier switch
    {
        ReclaimTier.Idle => [PageClass.Free, PageClass.Cold],
        ReclaimTier.InactiveCache => [PageClass.InactiveCache],
        ReclaimTier.ActiveCache => [PageClass.ActiveCache],
        ReclaimTier.WorkingSet => [PageClass.Hot],
        _ => [],
    };

    private void BeginHinting(Pages discarded)
    {
        if (Spec.Guest.Hinting.Cmma is { } cmma)
            Hints = new VolunteeredPages(Memory, cmma, _machine.DiscardUnit);
        if (_machine.Overcommits)
            Memory.PopulateOnTouch();
        else if (Hints is not null)
            _returnable = _withheld = Memory.Discard(PageClass.Free, discarded);
    }

    private Pages UseDiscarded(PageClass from, PageClass to, Pages most) => Returning(() =>
    {
        var (moved, step) = (Pages.Zero, Pages.Zero);
        do
        {
            // The guest uses its free pages that have a frame first. Otherwise, each page may need one.
            var present = from == PageClass.Free && Memory.SharedOf(from) == Pages.Zero ? Memory.Of(from) - Memory.DiscardedOf(from) : Pages.Zero;
            step = UseShared(from, to, Pages.Min(most - moved, present + Room));
            moved += step;
        }
        while (step > Pages.Zero && moved < most);
        return moved;
    }, isUse: true);

    /// <summary>Pages that the host had discarded may get frames.</summary>
    private Pages Returning(Func<Pages> move, bool isUse)
    {
        var (before, withheld) = (Memory.Discarded, Withheld);
        var moved = move();
        var returned = Pages.Min(_returnable, Pages.Max(Pages.Zero, before - Memory.Discarded));
        _returnable -= returned;
        _withheld = Pages.Max(Pages.Zero, withheld - returned);
        Returned += isUse ? returned : Pages.Zero;
        return moved;
    }

    private void TakeFrames(Pages frames)
    {
        var written = _machine.Reclaim?.Written ?? 0;
        _machine.Take(frames, Account);
        WaitedForWrites += (_machine.Reclaim?.Written ?? 0) - written;
    }
}
