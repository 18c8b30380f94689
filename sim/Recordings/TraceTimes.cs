using System.Globalization;
using Actors.Sdk.Text;
using Actors.Yaml;

namespace Actors.Sim.Recordings;

/// <summary>Checks the moments of a recording: each is later than the one before, and none is missing.</summary>
internal static class TraceTimes
{
    /// <summary>How much later than expected a moment may be, as a part of the interval: a busy machine is late, a missing sample is later.</summary>
    private const double Late = 0.5;

    /// <summary>How much the moments of a regular recording vary, as a part of the interval.</summary>
    private const double Jitter = 0.25;

    /// <summary>Reports every moment that is wrong.</summary>
    /// <param name="moments">The moments, with their positions in the file.</param>
    /// <param name="interval">How far they should be apart; <see langword="null"/> to find out. Irregular moments then have no gaps.</param>
    /// <param name="problems">The problems of the recording.</param>
    public static void Check(IReadOnlyList<(Mark At, TimeSpan Moment)> moments, TimeSpan? interval, YamlProblems problems)
    {
        var expected = interval ?? IntervalOf([.. moments.Select(moment => moment.Moment)]);
        foreach (var (before, after) in moments.Zip(moments.Skip(1)))
        {
            var step = after.Moment - before.Moment;
            if (step <= TimeSpan.Zero)
                problems.Add(after.At, $"time runs backwards: {Text(after.Moment)} comes after {Text(before.Moment)}; each moment must be later than the one before");
            else if (expected is { } every && step > every * (1 + Late))
                problems.Add(after.At, $"a gap: nothing was recorded from {Text(before.Moment)} to {Text(after.Moment)}, and the interval is {DurationText.Format(every)}; split the recording here, or give its 'interval'");
        }
    }

    /// <summary>How far most moments are apart; <see langword="null"/> when they are irregular.</summary>
    public static TimeSpan? IntervalOf(IReadOnlyList<TimeSpan> moments)
    {
        var steps = moments.Zip(moments.Skip(1), (before, after) => after - before).Where(step => step > TimeSpan.Zero).Order().ToList();
        if (steps.Count == 0)
            return null;
        var median = steps[(steps.Count - 1) / 2];
        return steps.Count(step => (step - median).Duration() <= median * Jitter) * 2 > steps.Count ? median : null;
    }

    private static string Text(TimeSpan moment) => string.Create(CultureInfo.InvariantCulture, $"{moment.TotalSeconds:0.###} s");
}
