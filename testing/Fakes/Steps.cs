namespace Actors.Sdk.Testing;

/// <summary>Moves pages at a rate, a little every tenth of a second, for as long as there is something to move.</summary>
internal sealed class Steps
{
    private const int PerSecond = 10;

    private readonly Func<Pages, bool> _step;
    private readonly ITimer _timer;
    private bool _busy;

    /// <param name="time">When.</param>
    /// <param name="step">Moves at most so many pages, and says whether there is more to do.</param>
    public Steps(TimeProvider time, Func<Pages, bool> step)
    {
        _step = step;
        _timer = time.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Kib PerSecondAtMost { get; set; }

    public void Begin()
    {
        if (!_busy)
            Schedule();
    }

    private void Step()
    {
        _busy = false;
        if (_step(new Kib(PerSecondAtMost.Value / PerSecond).ToPages()))
            Schedule();
    }

    private void Schedule()
    {
        _busy = true;
        _timer.Change(TimeSpan.FromSeconds(1.0 / PerSecond), Timeout.InfiniteTimeSpan);
    }
}
