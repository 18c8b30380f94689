using Actors.Sim.Studies;

namespace Actors.Sim.Tests.Studies;

internal sealed class SeriesRecorderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(100, 100, 1)]
    [TestCase(240, 120, 2)]
    [TestCase(100_000, 196, 512)]
    public void A_run_of_any_length_has_a_limited_number_of_points(int seconds, int points, int interval)
    {
        var series = Record(seconds, second => second);

        Assert.That((series.Length, series.Interval), Is.EqualTo((points, TimeSpan.FromSeconds(interval))));
        Assert.That(series.Of("a", SeriesKind.Footprint), Has.Length.EqualTo(points));
    }

    [Test]
    public void A_point_is_the_average_of_its_interval()
    {
        var values = Record(1000, second => second).Of("a", SeriesKind.Footprint)!;

        Assert.That(values[0], Is.EqualTo(3.5), "of 0 to 7");
        Assert.That(values[^1], Is.EqualTo(995.5), "of 992 to 999");
    }

    [Test]
    public void A_domain_that_was_not_there_yet_or_is_gone_has_no_value_then()
    {
        var values = Record(1000, second => second is < 500 or >= 900 ? null : 7).Of("a", SeriesKind.Footprint)!;

        Assert.That(values[61], Is.NaN);
        Assert.That(values[62], Is.EqualTo(7), "the interval in which it came");
        Assert.That(values[^1], Is.NaN);
    }

    private static RunSeries Record(int seconds, Func<int, double?> value)
    {
        var recorder = new SeriesRecorder(Second);
        for (var second = 0; second < seconds; second++)
        {
            if (value(second) is { } now)
                recorder.Add("a", SeriesKind.Footprint, now);
            recorder.Next();
        }
        return recorder.Series();
    }
}
