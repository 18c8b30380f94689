using Actors.Yaml;

namespace Actors.Sim.Recordings;

/// <summary>A recording of a host: what <c>actors record</c> writes.</summary>
/// <param name="Samples">The samples, ordered by time.</param>
/// <param name="Interval">How far they are apart.</param>
internal sealed record Recording(IReadOnlyList<RecordedSample> Samples, TimeSpan Interval)
{
    private static readonly string[] Required = ["time", "domid", "uuid", "footprint_kib"];

    /// <summary>Reads a recording. All errors are added to the problems.</summary>
    /// <param name="lines">The lines of the file.</param>
    /// <param name="interval">How far the samples should be apart; <see langword="null"/> to find out.</param>
    /// <param name="problems">The problems of the file.</param>
    public static Recording? Read(IEnumerable<string> lines, TimeSpan? interval, YamlProblems problems)
    {
        Dictionary<string, int>? columns = null;
        var rows = new List<(Mark At, RecordedDomain Row)>();
        foreach (var (number, line) in CsvText.Lines(lines))
        {
            if (CsvText.Fields(line) is not { } fields)
                problems.Add(new Mark(number, 1), "a quote is missing or in the wrong place");
            else if (columns is null)
                columns = Columns(fields, number, problems);
            else if (fields.Count != columns.Count)
                problems.Add(new Mark(number, 1), $"expected {columns.Count} values, as in the first line, found {fields.Count}");
            else if (Row(fields, columns, number, problems) is { } row)
                rows.Add((new Mark(number, fields[columns["time"]].Column), row));
            if (columns is { Count: 0 })
                return null;
        }
        if (rows.Count == 0 && !problems.Any)
            problems.Add(new Mark(1, 1), $"the recording is empty: expected a first line of '{RecordingColumns.Heading}' and lines with values");
        var samples = Grouped(rows, problems);
        if (samples.Count == 0)
            return null;
        var start = samples[0].Sample.Time;
        TraceTimes.Check([.. samples.Select(sample => (sample.At, sample.Sample.Time - start))], interval, problems);
        var found = interval ?? TraceTimes.IntervalOf([.. samples.Select(sample => sample.Sample.Time - start)]) ?? TimeSpan.FromSeconds(10);
        return problems.Any ? null : new Recording([.. samples.Select(sample => sample.Sample)], found);
    }

    private static Dictionary<string, int> Columns(IReadOnlyList<(string Value, int Column)> fields, int number, YamlProblems problems)
    {
        var columns = new Dictionary<string, int>();
        foreach (var (index, (name, column)) in fields.Index())
            if (!columns.TryAdd(name, index))
                problems.Add(new Mark(number, column), $"the column '{YamlText.Shown(name)}' appears twice");
        var missing = Required.Where(name => !columns.ContainsKey(name)).ToList();
        if (missing.Count == 0)
            return columns;
        problems.Add(new Mark(number, 1), $"the first line must name the columns; missing: {string.Join(", ", missing)}");
        return [];
    }

    private static RecordedDomain? Row(IReadOnlyList<(string Value, int Column)> fields, Dictionary<string, int> columns, int number, YamlProblems problems) => RecordingColumns.Read(
        name => columns.TryGetValue(name, out var index) ? fields[index].Value : "",
        (name, expected) =>
        {
            var (value, column) = columns.TryGetValue(name, out var index) ? fields[index] : ("", 1);
            problems.Add(new Mark(number, column), $"'{name}': expected {expected}, found '{YamlText.Shown(value)}'");
        });

    private static List<(Mark At, RecordedSample Sample)> Grouped(List<(Mark At, RecordedDomain Row)> rows, YamlProblems problems)
    {
        var samples = new List<(Mark At, RecordedSample Sample)>();
        foreach (var (at, row) in rows)
        {
            if (samples.Count == 0 || samples[^1].Sample.Time != row.Time)
                samples.Add((at, new RecordedSample(row.Time, [])));
            var domains = samples[^1].Sample.Domains;
            if (domains.Any(other => other.Domid == row.Domid))
                problems.Add(at, $"domain {row.Domid} appears twice in the sample of {row.Time:HH:mm:ss}");
            domains.Add(row);
        }
        return samples;
    }
}

/// <summary>All domains at one moment.</summary>
internal sealed record RecordedSample(DateTimeOffset Time, List<RecordedDomain> Domains)
{
    private const int Dom0 = 0;

    /// <summary>dom0; its row has the memory of the host.</summary>
    public RecordedDomain? DomainZero => Domains.FirstOrDefault(domain => domain.Domid == Dom0);

    /// <summary>All domains but dom0.</summary>
    public IEnumerable<RecordedDomain> Guests => Domains.Where(domain => domain.Domid != Dom0);
}
