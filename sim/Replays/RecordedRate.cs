using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Sim.Replays;

/// <summary>How fast a guest's balloon driver is: as fast as it was seen to be in the middle of a move.</summary>
internal static class RecordedRate
{
    /// <summary>Less than this is no move.</summary>
    private static readonly Kib Noise = Kib.FromMiB(4);

    /// <summary>The greatest speed between two samples of a move that began before the first and ended after the second.</summary>
    /// <param name="life">The domain.</param>
    /// <param name="shrinking">Whether the move gave memory up.</param>
    /// <returns>The rate; <see langword="null"/> if no move took that long.</returns>
    public static Rate? Of(RecordedLife life, bool shrinking)
    {
        var best = 0.0;
        for (var index = 2; index < life.Rows.Count - 1; index++)
        {
            var (before, step, after) = (Step(life, index - 1), Step(life, index), Step(life, index + 1));
            if (step < 0 != shrinking || Math.Abs(before) < Noise.Value || Math.Abs(after) < Noise.Value || Math.Sign(before) != Math.Sign(step) || Math.Sign(step) != Math.Sign(after))
                continue;
            best = Math.Max(best, Math.Abs(step) / (life.Rows[index].At - life.Rows[index - 1].At).TotalSeconds);
        }
        return best >= 1 ? new Rate(new Kib((long)best)) : null;
    }

    private static double Step(RecordedLife life, int index) => life.Rows[index].Row.Footprint.Value - life.Rows[index - 1].Row.Footprint.Value;
}
