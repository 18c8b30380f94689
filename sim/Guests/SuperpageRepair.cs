using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;

namespace Actors.Sim.Guests;

/// <summary>
/// The part of a compacting balloon driver that coalesces shattered chunks while the driver rests, one at a time and no faster than the driver
/// moves memory.
/// </summary>
internal sealed class SuperpageRepair : IDisposable
{
    /// <summary>How long it waits after a refusal: claims last for the seconds or minutes of a domain's build.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    private readonly SimulatedDomain _domain;
    private readonly Func<bool> _isAtRest;
    private readonly WorldTrace _trace;
    private readonly Random _noise;
    private readonly ITimer _next;
    private bool _refused;

    public SuperpageRepair(SimulatedDomain domain, Func<bool> isAtRest, SimulationClock clock, WorldTrace trace, Random noise)
    {
        (_domain, _isAtRest, _trace, _noise) = (domain, isAtRest, trace, noise);
        _next = clock.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins; it ends on its own when there is nothing to repair or the driver moves again.</summary>
    public void Begin() => Schedule(PerChunk);

    public void Dispose() => _next.Dispose();

    private TimeSpan PerChunk => _domain.Spec.Guest.Balloon.Rate.TimeFor(new Pages(Chunks.Size), _noise);

    private void Step()
    {
        if (_domain.State != DomainState.Running || !_isAtRest())
            return;
        var result = _domain.Repair();
        var refused = result == RepairResult.Refused;
        if (refused && !_refused)
            _trace.Write(_domain, "balloon cannot coalesce memory: XENMEM_exchange is refused, no 2 MiB are free and not claimed (ENOMEM)");
        _refused = refused;
        if (result != RepairResult.Nothing)
            Schedule(refused ? Retry : PerChunk);
    }

    private void Schedule(TimeSpan delay) => _next.Change(delay, Timeout.InfiniteTimeSpan);
}
