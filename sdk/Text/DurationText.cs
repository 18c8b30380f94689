using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Sdk.Text;

/// <summary>Durations in human notation: <c>30s</c>, <c>2m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
internal static partial class DurationText
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(30);

    public static (TimeSpan Value, string? Error) Parse(string text)
    {
        var match = Grammar().Match(text);
        if (!match.Success)
        {
            return (default, text.All(char.IsAsciiDigit)
                ? $"the unit is missing: {text}s, or {text}m"
                : "expected a duration such as 30s, 2m or 1h30m");
        }
        var ticks = 0m;
        foreach (var (unit, length) in Units)
        {
            if (match.Groups[unit].Success)
                ticks += decimal.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) * length.Ticks;
        }
        return ticks > Max.Ticks ? (default, "longer than 30 days") : (new TimeSpan((long)ticks), null);
    }

    /// <summary>Formats a duration in the shortest form that <see cref="Parse"/> accepts.</summary>
    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}ms"),
        { TotalMinutes: >= 1, Seconds: 0 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#}s"),
    };

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    [GeneratedRegex(@"^(?=\d)((?<d>\d{1,9})d)?((?<h>\d{1,9})h)?((?<m>\d{1,9})m(?!s))?((?<s>\d{1,9}(\.\d{1,6})?)s)?((?<ms>\d{1,9})ms)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
