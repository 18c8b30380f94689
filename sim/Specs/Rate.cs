using Actors.Sdk;

namespace Actors.Sim.Specs;

/// <summary>An amount of memory per second.</summary>
internal readonly record struct Rate(Kib PerSecond)
{
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMilliseconds(100);

    public static Rate MiBPerSecond(long mebibytes) => new(Kib.FromMiB(mebibytes));

    /// <summary>
    /// How much is moved in one batch: the most that the mechanism moves, or less when that would take too long to look smooth.
    /// </summary>
    public Pages Batch(Pages most) => Pages.Min(most, Pages.Max(new Pages(1), Within(LongestBatch)));

    public Pages Within(TimeSpan time) => new((long)(PerSecond.Value * time.TotalSeconds / Pages.KibPerPage));

    /// <summary>How long an amount takes.</summary>
    public TimeSpan TimeFor(Pages pages) => TimeSpan.FromSeconds(pages.ToKib().Value / (double)PerSecond.Value);

    /// <summary>How long an amount takes, plus or minus a tenth: no two batches of a real mechanism take the same time.</summary>
    public TimeSpan TimeFor(Pages pages, Random noise) =>
        TimeSpan.FromSeconds(pages.ToKib().Value / (double)PerSecond.Value * (0.9 + (0.2 * noise.NextDouble())));
}
