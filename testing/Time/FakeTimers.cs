namespace Actors.Sdk.Testing;

/// <summary>The armed timers, in the order in which they will run.</summary>
internal sealed class FakeTimers
{
    private readonly SortedSet<FakeTimer> _timers = new(Comparer<FakeTimer>.Create((left, right) =>
        (left.Due, left.Sequence).CompareTo((right.Due, right.Sequence))));

    private long _sequence;

    public FakeTimer? First => _timers.Min;

    public void Add(FakeTimer timer, TimeSpan due)
    {
        (timer.Due, timer.Sequence) = (due, ++_sequence);
        _timers.Add(timer);
    }

    public void Remove(FakeTimer timer) => _timers.Remove(timer);

    /// <summary>Removes the first timer. A periodic timer is added again, behind timers that are due at the same time.</summary>
    public void TakeFirst()
    {
        var timer = First!;
        Remove(timer);
        if (timer.Period > TimeSpan.Zero)
            Add(timer, timer.Due + timer.Period);
    }
}
