using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Recordings;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads a recorded amount of memory: lines of <c>seconds,KiB</c>, ordered by time. The first line may be a heading.</summary>
internal static class RecordedCsv
{
    /// <summary>Reads the amounts. All errors are added to the problems.</summary>
    /// <param name="lines">The lines of the file.</param>
    /// <param name="interval">How far the lines should be apart; <see langword="null"/> to find out.</param>
    /// <param name="problems">The problems of the file.</param>
    public static IReadOnlyList<(TimeSpan Moment, Kib Amount)> Parse(IEnumerable<string> lines, TimeSpan? interval, YamlProblems problems)
    {
        var points = new List<(Mark At, TimeSpan Moment, Kib Amount)>();
        var first = true;
        foreach (var (number, line) in CsvText.Lines(lines))
        {
            if (!(first && char.IsAsciiLetter(line[0])) && Point(line, number, problems) is { } point)
                points.Add(point);
            first = false;
        }
        if (points.Count == 0 && !problems.Any)
            problems.Add(new Mark(1, 1), "the recording contains no values: expected lines of 'seconds,KiB'");
        TraceTimes.Check([.. points.Select(point => (point.At, point.Moment))], interval, problems);
        return [.. points.Select(point => (point.Moment, point.Amount))];
    }

    private static (Mark, TimeSpan, Kib)? Point(string line, int number, YamlProblems problems)
    {
        if (CsvText.Fields(line) is not [var moment, var amount])
            problems.Add(new Mark(number, 1), $"expected 'seconds,KiB', found '{YamlText.Shown(line)}'");
        else if (!double.TryParse(moment.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > TimeSpan.MaxValue.TotalSeconds / 2)
            problems.Add(new Mark(number, moment.Column), $"expected a number of seconds, found '{YamlText.Shown(moment.Value)}'");
        else if (!long.TryParse(amount.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var kib))
            problems.Add(new Mark(number, amount.Column), $"expected a number of KiB, found '{YamlText.Shown(amount.Value)}'");
        else
            return (new Mark(number, moment.Column), TimeSpan.FromSeconds(seconds), new Kib(kib));
        return null;
    }
}
