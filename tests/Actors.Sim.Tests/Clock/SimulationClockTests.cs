using System.Threading.Channels;
using Actors.Sim.Clock;

namespace Actors.Sim.Tests;

internal sealed class SimulationClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public void A_year_of_waiting_takes_no_time()
    {
        var clock = new SimulationClock();
        clock.Run(() => clock.After(TimeSpan.FromDays(30)), Timeout.InfiniteTimeSpan);
        Assert.That(clock.GetUtcNow(), Is.EqualTo(SimulationClock.Epoch.AddDays(30)));
    }

    [Test]
    public void Everything_runs_on_one_thread_whatever_is_awaited()
    {
        var clock = new SimulationClock();
        var thread = Environment.CurrentManagedThreadId;
        clock.Run(async () =>
        {
            var channel = Channel.CreateUnbounded<int>();
            clock.Spawn(async _ =>
            {
                await clock.After(1);
                channel.Writer.TryWrite(7);
            }, CancellationToken.None);
            Assert.That(await channel.Reader.ReadAsync(), Is.EqualTo(7));
            Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(thread));
            var never = new TaskCompletionSource();
            await Assert.ThatAsync(async () => await never.Task.WaitAsync(TimeSpan.FromSeconds(2), clock), Throws.InstanceOf<TimeoutException>());
        }, Minute);
    }

    [Test]
    public void Timers_due_at_the_same_moment_run_in_the_order_in_which_they_were_armed()
    {
        var clock = new SimulationClock();
        var order = new List<int>();
        clock.Run(async () =>
        {
            var tasks = Enumerable.Range(0, 100).Select(async i =>
            {
                await clock.After(5);
                order.Add(i);
            });
            await Task.WhenAll(tasks);
        }, Minute);
        Assert.That(order, Is.Ordered);
        Assert.That(order, Has.Count.EqualTo(100));
    }

    [Test]
    public void Posted_work_runs_before_time_moves()
    {
        var clock = new SimulationClock();
        var seen = new List<TimeSpan>();
        clock.Run(async () =>
        {
            clock.Post(_ => clock.Post(_ => seen.Add(clock.Elapsed), null), null);
            await clock.After(1);
            seen.Add(clock.Elapsed);
        }, Minute);
        Assert.That(seen, Is.EqualTo(new[] { TimeSpan.Zero, TimeSpan.FromSeconds(1) }));
    }

    [Test]
    public void Waiting_for_nothing_is_an_error_and_not_a_hang()
    {
        var clock = new SimulationClock();
        Assert.That(() => clock.Run(() => new TaskCompletionSource().Task, Minute),
            Throws.InstanceOf<SimulationStalledException>().With.Message.Contains("nothing is left to run"));
    }

    [Test]
    public void A_run_ends_at_its_limit_of_virtual_time()
    {
        var clock = new SimulationClock();
        Assert.That(() => clock.Run(async () =>
        {
            while (true)
                await clock.After(1);
        }, Minute), Throws.InstanceOf<SimulationStalledException>().With.Message.Contains("00:01:00"));
        Assert.That(clock.Elapsed, Is.EqualTo(Minute));
    }

    [Test]
    public void An_error_in_spawned_work_ends_the_run()
    {
        var clock = new SimulationClock();
        clock.Spawn(_ => throw new InvalidDataException("broken"), CancellationToken.None);
        Assert.That(() => clock.Run(() => clock.After(1), Minute), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void Timers_repeat_change_and_stop()
    {
        var clock = new SimulationClock();
        var fired = new List<double>();
        clock.Run(async () =>
        {
            var timer = clock.CreateTimer(_ => fired.Add(clock.Elapsed.TotalSeconds), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            await clock.After(6);
            timer.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);
            await clock.After(10);
            timer.Dispose();
            Assert.That(timer.Change(TimeSpan.Zero, TimeSpan.Zero), Is.False);
            await clock.After(1);
        }, Minute);
        Assert.That(fired, Is.EqualTo(new[] { 1.0, 3, 5, 10 }));
    }

    [Test]
    public void A_cancelled_wait_leaves_no_timer_behind()
    {
        var clock = new SimulationClock();
        clock.Run(async () =>
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
            await Assert.ThatAsync(async () => await Task.Delay(TimeSpan.FromDays(1), clock, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        }, Minute);
        Assert.That(() => clock.Run(() => new TaskCompletionSource().Task, Timeout.InfiniteTimeSpan),
            Throws.InstanceOf<SimulationStalledException>().With.Message.Contains("nothing is left"));
    }

    [Test]
    public void Time_stamps_measure_virtual_time()
    {
        var clock = new SimulationClock();
        var begun = clock.GetTimestamp();
        clock.Run(() => clock.After(2.5), Minute);
        Assert.That(clock.GetElapsedTime(begun), Is.EqualTo(TimeSpan.FromSeconds(2.5)));
    }
}
