using Actors.Sdk;

namespace Actors.Sim.Guests;

/// <summary>What a balloon driver knows when it decides on its next batch.</summary>
/// <param name="Populated">The guest's own size, without the offset.</param>
/// <param name="Target">The size that it was asked for.</param>
/// <param name="Ballooned">The pages in its balloon.</param>
/// <param name="Pluggable">The memory that it can add; zero without memory hotplug.</param>
/// <param name="Available">The most that the driver takes: MemAvailable, or everything when it is an older driver.</param>
/// <param name="Reserve">The kernel's total reserve; less than this available counts as a failure.</param>
/// <param name="Takeable">The pages that an allocation can find, down to the driver's floor.</param>
/// <param name="Room">The pages that the hypervisor would give.</param>
/// <param name="Batch">The most pages in one hypercall.</param>
internal readonly record struct BalloonView(
    Pages Populated, Pages Target, Pages Ballooned, Pages Pluggable, Pages Available, Pages Reserve, Pages Takeable, Pages Room, Pages Batch);

/// <summary>What a balloon driver does next.</summary>
internal enum BalloonMove
{
    /// <summary>It is at its target.</summary>
    Rest,

    /// <summary>It takes pages from the guest.</summary>
    Inflate,

    /// <summary>It gives pages back to the guest.</summary>
    Deflate,

    /// <summary>Its balloon is empty, so it adds memory to the guest (memory hotplug).</summary>
    Plug,

    /// <summary>It cannot grow beyond what the guest booted with, so it makes the current size its target.</summary>
    ForgetTarget,
}

/// <summary>A move, how many pages it moves, the state that follows, and why it failed.</summary>
internal readonly record struct BalloonStep(BalloonMove Move, Pages Amount, BalloonState State, string Why = "");

/// <summary>The decisions of Linux's driver (balloon_thread in drivers/xen/balloon.c) as a pure function.</summary>
internal static class BalloonRules
{
    /// <summary>How many pages it moves in one hypercall: as many frame numbers as fit into a page.</summary>
    public static readonly Pages LargestBatch = new(512);

    /// <summary>Decides on the next batch; <paramref name="before"/> is the state that stays when there is nothing to do.</summary>
    public static BalloonStep Next(in BalloonView view, BalloonState before)
    {
        if (view.Populated < view.Target)
            return Grow(view);
        return view.Populated == view.Target ? new(BalloonMove.Rest, Pages.Zero, before) : Shrink(view);
    }

    private static BalloonStep Grow(in BalloonView view)
    {
        if (view.Ballooned == Pages.Zero && view.Pluggable > Pages.Zero)
            return new(BalloonMove.Plug, Sections(view), BalloonState.Wait);
        if (view.Ballooned == Pages.Zero)
            return new(BalloonMove.ForgetTarget, Pages.Zero, BalloonState.Cancelled, "its balloon is empty and there is no memory hotplug");
        var most = Pages.Min(view.Target - view.Populated, view.Ballooned);
        return view.Room > Pages.Zero
            ? new(BalloonMove.Deflate, Pages.Min(Pages.Min(view.Batch, view.Room), most), BalloonState.Done)
            : new(BalloonMove.Deflate, Pages.Zero, BalloonState.Again, "neither its max_mem nor the host's free memory lets it grow");
    }

    /// <summary>The whole sections that make up for what is missing, as far as there are any.</summary>
    private static Pages Sections(in BalloonView view)
    {
        var section = PluggedMemory.Section.Value;
        var sections = ((view.Target - view.Populated).Value + section - 1) / section;
        return Pages.Min(new Pages(sections * section), view.Pluggable);
    }

    private static BalloonStep Shrink(in BalloonView view)
    {
        var missing = view.Populated - view.Target;
        var wanted = Pages.Min(missing, view.Available);
        var batch = Pages.Min(wanted, view.Batch);
        var taken = Pages.Min(batch, view.Takeable);
        if (taken < batch)
            return new(BalloonMove.Inflate, taken, BalloonState.Again, "its guest has no more free memory");
        return wanted < missing && wanted < view.Reserve
            ? new(BalloonMove.Inflate, taken, BalloonState.Again, "its guest has no more available memory")
            : new(BalloonMove.Inflate, taken, BalloonState.Done);
    }
}
