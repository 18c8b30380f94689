using Actors.Sdk;

namespace Actors.Sim.Guests;

/// <summary>What a balloon driver knows when it decides on its next batch. Populated is its own size, without the offset.</summary>
internal readonly record struct BalloonView(
    Pages Populated, Pages Target, Pages Floor, Pages KernelNeed, Pages Takeable, Pages Room, Pages Batch);

/// <summary>What a balloon driver does next.</summary>
internal enum BalloonMove
{
    Rest,
    Inflate,
    Deflate,

    /// <summary>It cannot go on now; it will try again a few times.</summary>
    Fail,

    /// <summary>The guest runs out of memory and dies.</summary>
    Die,
}

/// <summary>A move, how much of it, and why where it is not obvious.</summary>
internal readonly record struct BalloonStep(BalloonMove Move, Pages Amount, string Why = "");

/// <summary>How Linux' driver decides (drivers/xen/balloon.c), as a function of what it sees.</summary>
internal static class BalloonRules
{
    /// <summary>max_retry_count: the attempt at which it gives up, until it is told a different target.</summary>
    public const int Attempts = 4;

    /// <summary>How many pages it hands over in one hypercall: as many frame numbers as fit into a page.</summary>
    public static readonly Pages LargestBatch = new(512);

    /// <summary>How long it waits after so many failed attempts: 2, 4, 8 s.</summary>
    public static TimeSpan RetryDelay(int failures) => TimeSpan.FromSeconds(1 << failures);

    public static BalloonStep Next(in BalloonView view)
    {
        if (view.Populated < view.Target)
            return view.Room > Pages.Zero
                ? new(BalloonMove.Deflate, Smallest(view.Batch, view.Room, view.Target - view.Populated))
                : new(BalloonMove.Fail, Pages.Zero, "neither its max_mem nor the host's free memory lets it grow");
        var lowest = Pages.Max(view.Target, view.Floor);
        if (view.Populated > lowest && view.Takeable > Pages.Zero)
            return new(BalloonMove.Inflate, Smallest(view.Batch, view.Takeable, view.Populated - lowest));
        if (view.Populated == view.Target)
            return new(BalloonMove.Rest, Pages.Zero);
        if (view.Populated <= lowest)
            return new(BalloonMove.Fail, Pages.Zero, "it is at its floor");
        return view.Target < view.KernelNeed
            ? new(BalloonMove.Die, Pages.Zero, "its target is below what its kernel needs")
            : new(BalloonMove.Fail, Pages.Zero, "its guest uses all that is left");
    }

    private static Pages Smallest(Pages first, Pages second, Pages third) => Pages.Min(Pages.Min(first, second), third);
}
