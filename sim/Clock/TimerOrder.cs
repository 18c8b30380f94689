namespace Actors.Sim.Clock;

/// <summary>
/// The armed timers, ordered by when they will run; of several that are due at the same moment, the one that was armed first. The clock's lock
/// protects it. A timer that is disarmed keeps its place until it is first or until most places are stale, so that other timers, which
/// are rarely in the processor's cache, need not be moved for it.
/// </summary>
internal sealed class TimerOrder
{
    private const int FewPlaces = 64;

    private readonly PriorityQueue<ClockTimer, Turn> _places = new();
    private long _last;
    private int _armed;

    /// <summary>When the first timer is due, since the start of the clock.</summary>
    public TimeSpan? FirstDue
    {
        get
        {
            while (_places.TryPeek(out var timer, out var turn))
            {
                if (timer.Turn == turn.Number)
                    return turn.Due;
                _places.Dequeue();
            }
            return null;
        }
    }

    public void Add(ClockTimer timer, TimeSpan due)
    {
        timer.Turn = ++_last;
        _armed++;
        _places.Enqueue(timer, new Turn(due, _last));
        if (_places.Count > FewPlaces && _places.Count > 2 * _armed)
            RemoveStale();
    }

    public void Remove(ClockTimer timer)
    {
        if (timer.Turn is null)
            return;
        timer.Turn = null;
        _armed--;
    }

    /// <summary>
    /// Takes the first timer, whose time is <see cref="FirstDue"/>. A timer that repeats is added again behind those that are due at the same time.
    /// </summary>
    public ClockTimer TakeFirst()
    {
        var due = FirstDue!.Value;
        var timer = _places.Dequeue();
        Remove(timer);
        if (timer.Period > TimeSpan.Zero)
            Add(timer, due + timer.Period);
        return timer;
    }

    private void RemoveStale()
    {
        var armed = _places.UnorderedItems.Where(place => place.Element.Turn == place.Priority.Number).ToList();
        _places.Clear();
        _places.EnqueueRange(armed);
    }

    private readonly record struct Turn(TimeSpan Due, long Number) : IComparable<Turn>
    {
        public int CompareTo(Turn other) => Due == other.Due ? Number.CompareTo(other.Number) : Due.CompareTo(other.Due);
    }
}
