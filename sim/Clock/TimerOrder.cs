namespace Actors.Sim.Clock;

/// <summary>The timers that are armed, in the order in which they will run. Under the clock's lock.</summary>
internal sealed class TimerOrder
{
    private readonly SortedSet<ClockTimer> _timers = new(Comparer<ClockTimer>.Create((left, right) =>
    {
        var byTime = left.Due.CompareTo(right.Due);
        return byTime != 0 ? byTime : left.Sequence.CompareTo(right.Sequence);
    }));

    private long _sequence;

    public ClockTimer? First => _timers.Min;

    public void Add(ClockTimer timer, TimeSpan due)
    {
        (timer.Due, timer.Sequence, timer.Armed) = (due, _sequence++, true);
        _timers.Add(timer);
    }

    public void Remove(ClockTimer timer)
    {
        if (timer.Armed)
            _timers.Remove(timer);
        timer.Armed = false;
    }

    /// <summary>Takes the first one; one that repeats goes in again behind those that are there.</summary>
    public ClockTimer TakeFirst()
    {
        var timer = First!;
        Remove(timer);
        if (timer.Period > TimeSpan.Zero)
            Add(timer, timer.Due + timer.Period);
        return timer;
    }
}
