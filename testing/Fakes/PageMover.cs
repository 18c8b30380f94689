namespace Actors.Sdk.Testing;

/// <summary>Moves pages at a limited rate, ten times a second, until there is nothing left to move.</summary>
internal sealed class PageMover
{
    private const int PerSecond = 10;

    private readonly Func<Pages, bool> _step;
    private readonly ITimer _timer;
    private bool _busy;

    /// <param name="time">The source of time.</param>
    /// <param name="step">Moves at most the given number of pages, and returns whether there is more to do.</param>
    public PageMover(TimeProvider time, Func<Pages, bool> step)
    {
        _step = step;
        _timer = time.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Kib Rate { get; set; }

    public void Begin()
    {
        if (!_busy)
            Schedule();
    }

    private void Step()
    {
        _busy = false;
        if (_step(new Kib(Rate.Value / PerSecond).ToPages()))
            Schedule();
    }

    private void Schedule()
    {
        _busy = true;
        _timer.Change(TimeSpan.FromSeconds(1.0 / PerSecond), Timeout.InfiniteTimeSpan);
    }
}
