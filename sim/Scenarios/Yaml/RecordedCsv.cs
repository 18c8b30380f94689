using System.Globalization;
using Actors.Sdk;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>
/// Reads a recorded amount of memory: lines of <c>seconds,KiB</c>, ordered by time. A line that does not begin with a digit is a
/// heading.
/// </summary>
internal static class RecordedCsv
{
    public static (IReadOnlyList<(TimeSpan Moment, Kib Amount)> Points, string? Error) Read(string file)
    {
        try
        {
            return Parse(File.ReadLines(file), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ([], $"cannot read the recording: {error.Message}");
        }
    }

    public static (IReadOnlyList<(TimeSpan Moment, Kib Amount)> Points, string? Error) Parse(IEnumerable<string> lines, string file)
    {
        var points = new List<(TimeSpan Moment, Kib Amount)>();
        foreach (var (number, line) in lines.Index().Where(line => line.Item.Length > 0 && char.IsAsciiDigit(line.Item[0])))
        {
            var fields = line.Split(',');
            if (fields.Length != 2
                || !double.TryParse(fields[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                || !long.TryParse(fields[1].AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
                || (points.Count > 0 && points[^1].Moment.TotalSeconds >= seconds))
                return ([], $"{file}:{number + 1}: expected 'seconds,KiB', each later than the one before, found '{line}'");
            points.Add((TimeSpan.FromSeconds(seconds), new Kib(kib)));
        }
        return points.Count > 0 ? (points, null) : ([], $"{file} contains no recorded values");
    }
}
