using System.Globalization;
using System.Text.Json;
using Actors.Sdk.Text;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads the values that only scenarios have: rates, and words from a list.</summary>
internal static class ScenarioTerms
{
    public static Rate? Rate(this YamlReader reader, string key) => reader.Parsed(key, "a rate such as 200MiB/s", ParseRate)?.Value;

    /// <summary>Reads a duration that must be longer than zero.</summary>
    public static TimeSpan? Interval(this YamlReader reader, string key)
    {
        var interval = reader.Duration(key);
        if (interval == TimeSpan.Zero)
            reader.Problem(reader.Node(key)!.At, $"'{key}' must be longer than zero");
        return interval == TimeSpan.Zero ? null : interval;
    }

    /// <summary>Reads a factor above zero, such as 0.5.</summary>
    public static double? Factor(this YamlReader reader, string key) => reader.Parsed<double>(key, "a factor such as 0.5", text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && double.IsFinite(factor)
            ? (factor, null)
            : (default, "expected a factor such as 0.5"))?.Value;

    /// <summary>Reads a time on a CPU, such as 155ns.</summary>
    public static CpuTime? CpuTime(this YamlReader reader, string key) => reader.Parsed(key, "a time such as 155ns or 4us", ParseCpuTime)?.Value;

    /// <summary>Reports a missing key. The message adds what the key should contain.</summary>
    public static void Demand(this YamlReader reader, string key, string what = "")
    {
        if (reader.Node(key) is null)
            reader.Problem(reader.At, $"'{key}' is missing{what}");
    }

    /// <summary>Reads one of the words of an enumeration, in snake_case like the keys.</summary>
    public static T? Choice<T>(this YamlReader reader, string key)
        where T : struct, Enum => reader.Parsed(key, Of<T>(), Parse<T>)?.Value;

    /// <summary>Reads a name that must be among the known ones.</summary>
    public static string? Known(this YamlReader reader, string key, string kind, IReadOnlyCollection<string> known) => reader.Parsed(key, "a name", text =>
    {
        if (known.Contains(text))
            return (text, null);
        var meant = Suggestion.For(text, known);
        return ("", meant is null ? $"no such {kind}" : $"no such {kind} (did you mean '{meant}'?)");
    })?.Value;

    /// <summary>Reads a file that a key names. Its problems are reported at the key, each with its own place in the file.</summary>
    /// <param name="reader">The group with the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="file">The path of the file.</param>
    /// <param name="parse">Reads the lines of the file.</param>
    public static T? Recording<T>(this YamlReader reader, string key, string file, Func<IEnumerable<string>, YamlProblems, T?> parse)
        where T : class
    {
        var (at, problems) = (reader.Node(key)!.At, new YamlProblems(file));
        try
        {
            var read = parse(File.ReadLines(file), problems);
            foreach (var problem in problems.InOrder)
                reader.Problem(at, problem.ToString());
            return problems.Any ? null : read;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reader.Problem(at, $"cannot read the recording: {error.Message}");
            return null;
        }
    }

    /// <summary>The words of an enumeration, for an error message.</summary>
    public static string Of<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    private static (T, string?) Parse<T>(string text)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        var index = Array.FindIndex(names, name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name) == text);
        return index >= 0 ? (Enum.GetValues<T>()[index], null) : (default, $"expected one of {Of<T>()}");
    }

    private static (CpuTime, string?) ParseCpuTime(string text)
    {
        (string Suffix, double Nanoseconds)[] units = [("ns", 1), ("us", 1e3), ("ms", 1e6)];
        foreach (var (suffix, nanoseconds) in units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                return (new CpuTime(amount * nanoseconds), null);
        }
        return (default, "expected a time such as 155ns, 4us or 1.5ms");
    }

    private static (Rate, string?) ParseRate(string text)
    {
        const string Suffix = "/s";
        if (!text.EndsWith(Suffix, StringComparison.Ordinal))
            return (default, "expected a rate such as 200MiB/s");
        var (amount, error) = SizeText.ParseWithUnit(text[..^Suffix.Length]);
        if (error is null && amount.Value == 0)
            error = "a rate must be greater than zero";
        return (new Rate(amount), error);
    }
}
