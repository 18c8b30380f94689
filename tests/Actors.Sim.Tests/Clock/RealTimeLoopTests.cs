using System.Diagnostics;
using Actors.Sim.Clock;

namespace Actors.Sim.Tests;

internal sealed class RealTimeLoopTests
{
    [Test]
    public async Task A_second_takes_a_second()
    {
        var clock = new SimulationClock();
        await using var loop = new RealTimeLoop(clock);
        var watch = Stopwatch.StartNew();
        await clock.CallAsync(() => clock.After(0.3));
        Assert.That(watch.Elapsed.TotalSeconds, Is.GreaterThan(0.29));
    }

    [Test]
    public async Task Another_thread_wakes_the_loop_early_and_gets_its_answer()
    {
        var clock = new SimulationClock();
        await using var loop = new RealTimeLoop(clock);
        var sleep = clock.CallAsync(() => clock.After(TimeSpan.FromHours(1)));
        var watch = Stopwatch.StartNew();
        var onLoop = await clock.CallAsync(() => clock.IsLoopThread);
        Assert.That(onLoop);
        Assert.That(clock.IsLoopThread, Is.False);
        Assert.That(sleep.IsCompleted, Is.False);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Time_passes_for_other_threads_while_the_loop_is_idle()
    {
        var clock = new SimulationClock();
        await using var loop = new RealTimeLoop(clock);
        await clock.CallAsync(() => true);
        var before = clock.GetTimestamp();
        Assert.That(() => clock.GetElapsedTime(before), Is.GreaterThan(TimeSpan.FromMilliseconds(20)).After(10).Seconds.PollEvery(1).MilliSeconds);
    }

    [Test]
    public void A_world_does_the_same_at_real_and_at_virtual_pace()
    {
        static List<string> Play(Pace pace)
        {
            var clock = new SimulationClock();
            var seen = new List<string>();
            clock.Run(async () =>
            {
                await Task.WhenAll(Enumerable.Range(1, 20).Select(async i =>
                {
                    for (var round = 0; round < 5; round++)
                    {
                        await clock.After(TimeSpan.FromMilliseconds(i * 2.5));
                        seen.Add($"{clock.Elapsed}: {i}");
                    }
                }));
            }, TimeSpan.FromMinutes(1), pace);
            return seen;
        }
        Assert.That(Play(Pace.Real), Is.EqualTo(Play(Pace.Virtual)));
    }

    [Test]
    public async Task Work_that_fails_on_the_loop_fails_only_for_its_caller()
    {
        var clock = new SimulationClock();
        await using var loop = new RealTimeLoop(clock);
        await Assert.ThatAsync(async () => await clock.CallAsync<int>(() => throw new InvalidDataException("broken")), Throws.InstanceOf<InvalidDataException>());
        Assert.That(await clock.CallAsync(() => 1), Is.EqualTo(1));
    }
}
