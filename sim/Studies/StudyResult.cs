namespace Actors.Sim.Studies;

/// <summary>What a run measured.</summary>
/// <param name="Case">The run.</param>
/// <param name="Values">The values, by domain (the empty name is the host) and measure. A measure may be absent, as of a domain that was not built.</param>
/// <param name="Failure">Why the run has no values; <see langword="null"/> when it has.</param>
internal sealed record StudyResult(StudyCase Case, IReadOnlyDictionary<(string Domain, Measure Measure), double> Values, string? Failure = null)
{
    public const string Host = "";

    /// <summary>The run over time; <see langword="null"/> if nobody asked for it.</summary>
    public RunSeries? Series { get; init; }
}

/// <summary>The values of one measure over the runs of a variant.</summary>
internal sealed record StudyRow(string Variant, string Domain, Measure Measure, IReadOnlyList<(int Seed, double Value)> Values)
{
    public double Median => MedianOf([.. Values.Select(value => value.Value)]);

    public double Least => Values.Min(value => value.Value);

    public double Most => Values.Max(value => value.Value);

    public static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>Whether an expectation holds, and what was measured.</summary>
internal sealed record StudyVerdict(StudyExpectation Expectation, bool Holds, string Detail);

/// <summary>Summarises the runs of a study.</summary>
internal static class StudySummary
{
    /// <summary>The rows of the table: every measure that is shown, of the host and of every domain, per variant.</summary>
    public static IReadOnlyList<StudyRow> Rows(Study study, IReadOnlyList<StudyResult> results) =>
    [
        .. study.Variants.SelectMany(variant => study.Shown.SelectMany(measure => variant.World.DomainNames.Append(StudyResult.Host)
            .Select(domain => new StudyRow(variant.Name, domain, measure, ValuesOf(results, variant.Name, domain, measure)))))
            .Where(row => row.Values.Count > 0),
    ];

    /// <summary>Checks what must hold against the runs that have finished.</summary>
    public static IReadOnlyList<StudyVerdict> Verdicts(Study study, IReadOnlyList<StudyResult> results) =>
        [.. study.Expectations.Select(expectation => Check(expectation, results))];

    private static StudyVerdict Check(StudyExpectation expectation, IReadOnlyList<StudyResult> results)
    {
        var values = ValuesOf(results, expectation.Variant, expectation.Domain ?? StudyResult.Host, expectation.Measure);
        if (expectation.RelativeTo is { } other)
        {
            var others = ValuesOf(results, other, expectation.Domain ?? StudyResult.Host, expectation.Measure).ToDictionary(value => value.Seed, value => value.Value);
            values = [.. values.Where(value => others.ContainsKey(value.Seed)).Select(value => (value.Seed, Ratio(value.Value, others[value.Seed])))];
        }
        if (values.Count == 0)
            return new StudyVerdict(expectation, false, "no run has measured it");
        var checkedValues = expectation.OfMedian ? [(0, StudyRow.MedianOf([.. values.Select(value => value.Value)]))] : values;
        var wrong = checkedValues.Where(value => !(value.Item2 >= (expectation.Least ?? double.NegativeInfinity) && value.Item2 <= (expectation.Most ?? double.PositiveInfinity))).ToList();
        var row = new StudyRow(expectation.Variant, "", expectation.Measure, values);
        var seen = expectation.OfMedian || values.Count == 1
            ? StudyExpectation.Number(row.Median)
            : $"{StudyExpectation.Number(row.Least)} to {StudyExpectation.Number(row.Most)}";
        return new StudyVerdict(expectation, wrong.Count == 0, expectation.OfMedian || wrong.Count == 0
            ? seen
            : $"{seen}; wrong with seed {string.Join(", ", wrong.Select(value => value.Item1))}");
    }

    // A cost of nothing next to nothing is as large; next to something it is none of it.
    private static double Ratio(double value, double other) => value == other ? 1 : value / other;

    private static IReadOnlyList<(int Seed, double Value)> ValuesOf(IReadOnlyList<StudyResult> results, string variant, string domain, Measure measure) =>
    [
        .. results.Where(result => result.Case.Variant.Name == variant && result.Values.ContainsKey((domain, measure)))
            .Select(result => (result.Case.Seed, result.Values[(domain, measure)])),
    ];
}
