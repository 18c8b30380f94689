using Actors.Sim.Scenarios;
using Actors.Sim.Specs;
using Actors.Sim.Studies;

namespace Actors.Sim.Tests.Studies;

internal sealed class StudySummaryTests
{
    private static readonly Scenario World = new() { Host = new HostSpec(), Domains = [Specs.Domain("web")], Events = [], Expectations = [] };
    private static readonly StudyVariant A = new("a", World, null);
    private static readonly StudyVariant B = new("b", World, null);

    [TestCase(new[] { 3.0, 1, 2 }, 2)]
    [TestCase(new[] { 4.0, 1, 2, 3 }, 2.5)]
    [TestCase(new[] { 5.0 }, 5)]
    public void A_row_has_the_median_and_the_spread(double[] values, double median)
    {
        var row = StudySummary.Rows(Of([]), Results(A, values)).Single();

        Assert.That((row.Median, row.Least, row.Most), Is.EqualTo((median, values.Min(), values.Max())));
        Assert.That(row.Values.Select(value => value.Seed), Is.EqualTo(Enumerable.Range(1, values.Length)));
    }

    [TestCase(false, false, "1 to 9; wrong with seed 3")]
    [TestCase(true, true, "2")]
    public void Every_run_must_be_right_unless_the_median_is_enough(bool ofMedian, bool holds, string detail)
    {
        var verdict = Verdict(new StudyExpectation { Variant = "a", Domain = "web", Measure = Measure.SlowDown, Most = 5, OfMedian = ofMedian }, [1, 2, 9], []);

        Assert.That((verdict.Holds, verdict.Detail), Is.EqualTo((holds, detail)));
    }

    [TestCase(10, 2, true)]
    [TestCase(4, 2, false)]
    [TestCase(0, 0, false)]
    [TestCase(1, 0, true)]
    public void A_value_can_be_relative_to_the_one_of_another_variant(double a, double b, bool holds)
    {
        var expectation = new StudyExpectation { Variant = "a", Domain = "web", Measure = Measure.SlowDown, Least = 3, RelativeTo = "b" };

        Assert.That(Verdict(expectation, [a], [b]).Holds, Is.EqualTo(holds));
    }

    [Test]
    public void What_no_run_has_measured_does_not_hold() => Assert.That(
        Verdict(new StudyExpectation { Variant = "a", Domain = "web", Measure = Measure.BalloonTime, Most = 5 }, [1], []).Detail, Is.EqualTo("no run has measured it"));

    private static StudyVerdict Verdict(StudyExpectation expectation, double[] a, double[] b) =>
        StudySummary.Verdicts(Of([expectation]), [.. Results(A, a), .. Results(B, b)]).Single();

    private static Study Of(IReadOnlyList<StudyExpectation> expectations) => new()
    {
        Title = "t",
        Length = TimeSpan.FromSeconds(1),
        Seeds = 3,
        Variants = [A, B],
        Shown = [Measure.SlowDown],
        Expectations = expectations,
    };

    private static List<StudyResult> Results(StudyVariant variant, double[] values) =>
        [.. values.Select((value, index) => new StudyResult(new StudyCase(variant, index + 1), new Dictionary<(string, Measure), double> { [("web", Measure.SlowDown)] = value }))];
}
