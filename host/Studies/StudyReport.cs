using System.Text.Json.Serialization;
using Actors.Sim.Studies;

namespace Actors.Host.Studies;

/// <summary>The result of <c>study</c>.</summary>
/// <param name="Study">The title.</param>
/// <param name="Source">Where the numbers come from.</param>
/// <param name="SecondsPerRun">How long each run lasts.</param>
/// <param name="Runs">How many runs the study has.</param>
/// <param name="RunsFinished">How many of them have finished.</param>
/// <param name="Measures">What was measured.</param>
/// <param name="Expectations">What must hold.</param>
/// <param name="Failures">Runs that have no values, and why.</param>
internal sealed record StudyReport(
    string Study, string Source, double SecondsPerRun, int Runs, int RunsFinished, IReadOnlyList<StudyReportMeasure> Measures,
    IReadOnlyList<StudyReportExpectation> Expectations, IReadOnlyList<StudyReportFailure> Failures)
{
    private const int Digits = 6;

    public static StudyReport Of(Study study, IReadOnlyList<StudyResult> results) => new(
        study.Title, study.Source, study.Length.TotalSeconds, study.Cases.Count, results.Count,
        [.. StudySummary.Rows(study, results).Select(Measure)],
        [.. StudySummary.Verdicts(study, results).Select(verdict => new StudyReportExpectation($"{verdict.Expectation}", verdict.Holds, verdict.Detail))],
        [.. results.Where(result => result.Failure is not null).Select(result => new StudyReportFailure(result.Case.Variant.Name, result.Case.Seed, result.Failure!))]);

    private static StudyReportMeasure Measure(StudyRow row) => new(
        row.Variant, row.Domain.Length == 0 ? null : row.Domain, Sim.Studies.Measures.NameOf(row.Measure), Sim.Studies.Measures.UnitOf(row.Measure),
        Rounded(row.Median), Rounded(row.Least), Rounded(row.Most), [.. row.Values.Select(value => new StudyReportValue(value.Seed, Rounded(value.Value)))]);

    private static double Rounded(double value) => Math.Round(value, Digits);
}

/// <summary>One measure of one domain, or of the host, in one variant.</summary>
internal sealed record StudyReportMeasure(
    string Variant, string? Domain, string Measure, string Unit, double Median, double Least, double Most, IReadOnlyList<StudyReportValue> Values);

/// <summary>The value of one run.</summary>
internal sealed record StudyReportValue(int Seed, double Value);

/// <summary>Something that must hold.</summary>
internal sealed record StudyReportExpectation(string Expected, bool Holds, string Measured);

/// <summary>A run without values.</summary>
internal sealed record StudyReportFailure(string Variant, int Seed, string Why);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StudyReport))]
internal sealed partial class StudyJson : JsonSerializerContext;
