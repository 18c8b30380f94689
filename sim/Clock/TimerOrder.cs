namespace Actors.Sim.Clock;

/// <summary>The armed timers, ordered by when they will run. The clock's lock protects them.</summary>
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

    /// <summary>Takes the first timer. A timer that repeats is added again behind those that are due at the same time.</summary>
    public ClockTimer TakeFirst()
    {
        var timer = First!;
        Remove(timer);
        if (timer.Period > TimeSpan.Zero)
            Add(timer, timer.Due + timer.Period);
        return timer;
    }
}
