using Actors.Host.Service;
using Actors.Sdk.Testing;

namespace Actors.Host.Tests.Service;

/// <summary>When the daemon gives memory back to the system.</summary>
internal sealed class MemoryTrimTests
{
    private const long MiB = 1 << 20;

    [TestCase(new long[] { 200, 400, 600, 601 }, 1, TestName = "After a burst, once")]
    [TestCase(new long[] { 200, 400, 600, 601, 601, 602, 602, 602, 603, 603 }, 1, TestName = "At rest, not again")]
    [TestCase(new long[] { 200, 201, 400, 401 }, 2, TestName = "After each of two bursts")]
    [TestCase(new long[] { 50, 100, 150, 200, 250, 300, 350, 400 }, 0, TestName = "Never in the middle of steady work")]
    [TestCase(new long[] { 0, 1, 1, 2, 2, 2, 3, 3 }, 0, TestName = "Never for a little")]
    [TestCase(new long[] { 2, 4, 6, 8, 10, 12, 14, 16 }, 2, TestName = "Now and then while a little work goes on")]
    public void Memory_is_returned_to_the_system(long[] allocated, int times)
    {
        var (trend, trims) = (new AllocationTrend(), 0);
        foreach (var amount in allocated)
        {
            (trend, var due) = trend.Next(amount * MiB);
            trims += due ? 1 : 0;
        }

        Assert.That(trims, Is.EqualTo(times));
    }

    [Test]
    public void The_end_of_a_burst_is_noticed_within_ten_seconds()
    {
        var clock = new FakeClock();
        var (allocated, trims) = (0L, 0);
        using var trim = new MemoryTrim(clock, () => allocated, () => trims++);

        allocated = 300 * MiB;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(trims, Is.Zero);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(trims, Is.EqualTo(1));
    }
}
