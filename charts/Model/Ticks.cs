namespace Actors.Charts.Model;

/// <summary>The marks of an axis.</summary>
internal static class Ticks
{
    /// <summary>Round numbers from zero to a limit.</summary>
    /// <param name="most">The limit.</param>
    /// <param name="count">About how many.</param>
    public static IReadOnlyList<double> To(double most, int count)
    {
        if (most <= 0)
            return [0];
        var step = Step(most / count);
        return [.. Enumerable.Range(0, (int)Math.Floor((most / step) + 1e-9) + 1).Select(index => index * step)];
    }

    /// <summary>Round times from the start to the end, as seconds.</summary>
    public static IReadOnlyList<double> Times(TimeSpan whole, int count)
    {
        var unit = Amount.TimeUnit(whole).Length.TotalSeconds;
        return [.. To(whole.TotalSeconds / unit, count).Select(tick => tick * unit)];
    }

    private static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (var factor in new[] { 1, 2, 2.5, 5, 10 })
            if (power * factor >= least - 1e-12)
                return power * factor;
        return power * 10;
    }
}
