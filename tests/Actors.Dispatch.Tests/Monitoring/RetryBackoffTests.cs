using Actors.Dispatch.Monitoring;

namespace Actors.Dispatch.Tests.Monitoring;

internal sealed class RetryBackoffTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Test]
    public void The_pause_doubles_from_1_second_to_5_minutes()
    {
        var (backoff, now, pauses) = (RetryBackoff.None, Start, new List<double>());
        for (var attempt = 0; attempt < 12; attempt++)
        {
            backoff = backoff.Failed(now);
            pauses.Add(backoff.Pause.TotalSeconds);
            now += backoff.Pause;
            backoff = backoff.Attempted(now);
        }

        Assert.That(pauses, Is.EqualTo(new double[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300 }));
    }

    [Test]
    public void After_an_attempt_that_helped_for_long_the_pause_is_short_again()
    {
        var backoff = Enumerable.Range(0, 20).Aggregate(RetryBackoff.None, (before, _) => before.Attempted(Start));

        Assert.That(backoff.Failed(Start + TimeSpan.FromMinutes(10)).Pause, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(backoff.Failed(Start + TimeSpan.FromMinutes(10.1)).Pause, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }
}
