using Actors.Sim.Clock;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Sim.Tests;

internal sealed class TimerOrderTests
{
    [Test]
    public void Timers_are_taken_by_when_they_are_due_and_then_by_when_they_were_armed() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Timer, byte Due, byte Operation)[]>(), operations =>
        {
            var clock = new SimulationClock();
            var timers = Enumerable.Range(0, 64).Select(_ => new ClockTimer(clock, _ => { }, null)).ToList();
            var order = new TimerOrder();
            List<(int Due, int Armed, ClockTimer Timer)> expected = [];
            for (var armed = 0; armed < operations.Length; armed++)
            {
                var (index, due, operation) = operations[armed];
                var timer = timers[index % timers.Count];
                if (operation % 4 == 0 && expected.Count > 0)
                {
                    var first = expected.Min();
                    if (order.FirstDue != TimeSpan.FromSeconds(first.Due) || order.TakeFirst() != first.Timer)
                        return false;
                    expected.Remove(first);
                    continue;
                }
                order.Remove(timer);
                expected.RemoveAll(entry => entry.Timer == timer);
                if (operation % 4 == 1)
                    continue;
                order.Add(timer, TimeSpan.FromSeconds(due % 20));
                expected.Add((due % 20, armed, timer));
            }
            var left = expected.OrderBy(entry => (entry.Due, entry.Armed)).Select(entry => entry.Timer).ToList();
            return left.TrueForAll(timer => order.TakeFirst() == timer) && order.FirstDue is null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Test]
    public void A_timer_that_repeats_is_taken_again_behind_those_that_are_due_at_the_same_time()
    {
        var clock = new SimulationClock();
        var (repeats, once) = (new ClockTimer(clock, _ => { }, null) { Period = TimeSpan.FromSeconds(1) }, new ClockTimer(clock, _ => { }, null));
        var order = new TimerOrder();
        order.Add(repeats, TimeSpan.FromSeconds(1));
        order.Add(once, TimeSpan.FromSeconds(2));
        Assert.That(order.TakeFirst(), Is.SameAs(repeats));
        Assert.That(order.TakeFirst(), Is.SameAs(once));
        Assert.That(order.FirstDue, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }
}
