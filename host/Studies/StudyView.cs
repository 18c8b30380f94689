using System.Globalization;
using Actors.Cli.Presentation;
using Actors.Sim.Studies;

namespace Actors.Host.Studies;

/// <summary>A study's result as tables, and as CSV.</summary>
internal static class StudyView
{
    private static readonly IReadOnlyList<Column> MeasureColumns =
    [
        new("VARIANT") { Narrowest = 12 },
        new("DOMAIN") { Narrowest = 8 },
        new("MEASURE") { Narrowest = 14 },
        new("UNIT"),
        new("MEDIAN") { AlignRight = true },
        new("LEAST") { AlignRight = true },
        new("MOST") { AlignRight = true },
    ];

    private static readonly IReadOnlyList<Column> ExpectationColumns = [new("HOLDS"), new("MEASURED") { Widest = 60 }];

    /// <summary>A sentence above the tables.</summary>
    public static string Summary(StudyReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{report.Study}. {report.RunsFinished} of {report.Runs} runs, {report.SecondsPerRun:0.###} simulated seconds each.");

    /// <summary>One row for each measure of a domain, or of the host, in a variant.</summary>
    public static Table Measures(StudyReport report) => new(MeasureColumns, "VALUES", [.. report.Measures.Select(Row)]);

    /// <summary>One row for each expectation.</summary>
    public static Table Expectations(StudyReport report) => new(ExpectationColumns, "EXPECTED", [.. report.Expectations.Select(Row)]);

    /// <summary>One line per value, with a heading.</summary>
    public static IEnumerable<string> Csv(StudyReport report)
    {
        yield return "variant,seed,domain,measure,unit,value";
        foreach (var row in report.Measures)
            foreach (var (seed, value) in row.Values.Select(value => (value.Seed, value.Value)))
                yield return string.Create(CultureInfo.InvariantCulture, $"{Quoted(row.Variant)},{seed},{Quoted(row.Domain ?? "")},{row.Measure},{row.Unit},{value}");
    }

    private static TableRow Row(StudyReportMeasure row) => new(
    [
        Cell.Of(row.Variant),
        row.Domain is null ? new Cell("(host)", "-") : Cell.Of(row.Domain),
        Cell.Of(row.Measure),
        Cell.Of(row.Unit),
        Number(row.Median),
        Number(row.Least),
        Number(row.Most),
    ], string.Join(' ', row.Values.Select(value => StudyExpectation.Number(value.Value))), ShowsNote: false);

    private static TableRow Row(StudyReportExpectation row) => new(
        [Cell.Of(row.Holds ? "yes" : "NO", row.Holds ? Tone.Plain : Tone.Trouble), Cell.Of(row.Measured)], row.Expected);

    private static Cell Number(double value) => new(StudyExpectation.Number(value), value.ToString(CultureInfo.InvariantCulture));

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
