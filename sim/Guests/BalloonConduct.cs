using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Guests;

/// <summary>How a guest's driver departs from Linux's, where the scenario says so: it sleeps, moves page by page, or works against its target.</summary>
/// <param name="domain">The domain of the guest.</param>
/// <param name="clock">The clock.</param>
/// <param name="trace">Receives what the guest does against its target.</param>
/// <param name="aim">Sets the driver's target inside the guest.</param>
internal sealed class BalloonConduct(SimulatedDomain domain, SimulationClock clock, WorldTrace trace, Action<Pages> aim) : IDisposable
{
    private readonly Pages _own = domain.Memory.Populated;
    private readonly BalloonSpec _spec = domain.Spec.Guest.Balloon;
    private TimeSpan _asleepUntil;
    private ITimer? _fight;

    /// <summary>How long the driver still does not react; <see langword="null"/> when it is awake.</summary>
    public TimeSpan? Sleeps => clock.Elapsed < _asleepUntil ? _asleepUntil - clock.Elapsed : null;

    /// <summary>The time from one page to the next; <see langword="null"/> when the driver moves at its rate.</summary>
    public TimeSpan? Interval => _spec.OnePageEvery;

    public Pages Batch(Pages usual) => Interval is null ? usual : new Pages(1);

    /// <summary>The toolstack has set a target.</summary>
    public void Ordered(Pages target)
    {
        if (_spec.SleepsFor is { } sleep)
            _asleepUntil = clock.Elapsed + sleep;
        if (_spec.FightsAfter is not { } delay || target == _own)
            return;
        _fight ??= clock.CreateTimer(_ => Fight(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _fight.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _fight?.Dispose();

    private void Fight()
    {
        if (domain.State != DomainState.Running)
            return;
        trace.Write(domain, $"sets its own target, {_own.ToKib() + domain.Spec.Offset}");
        aim(_own);
    }
}
