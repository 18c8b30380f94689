using System.Globalization;

namespace Actors.Charts.Model;

/// <summary>Numbers as text.</summary>
internal static class Amount
{
    /// <summary>The unit that is shown instead of thousands of MiB.</summary>
    public const double MibPerGib = 1024;

    public const string Mib = "MiB";

    /// <summary>A number with its unit, with as many digits as a reader needs.</summary>
    public static string Text(double value, string unit) => $"{Number(value)} {unit}";

    public static string Number(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.#", >= 1 => "0.##", _ => "0.###" }, CultureInfo.InvariantCulture);

    /// <summary>A time since the start, in the unit that fits the whole: <c>90 s</c>, <c>15 min</c>, <c>6 h</c>, <c>3 d</c>.</summary>
    public static string Time(TimeSpan time, TimeSpan whole)
    {
        var (name, length) = TimeUnit(whole);
        return string.Create(CultureInfo.InvariantCulture, $"{time / length:0.##} {name}");
    }

    /// <summary>The unit of time that fits a length.</summary>
    public static (string Name, TimeSpan Length) TimeUnit(TimeSpan whole) => whole switch
    {
        { TotalMinutes: <= 5 } => ("s", TimeSpan.FromSeconds(1)),
        { TotalHours: <= 4 } => ("min", TimeSpan.FromMinutes(1)),
        { TotalDays: <= 3 } => ("h", TimeSpan.FromHours(1)),
        _ => ("d", TimeSpan.FromDays(1)),
    };
}
