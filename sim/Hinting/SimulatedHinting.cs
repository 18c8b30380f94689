using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;

namespace Actors.Sim.Hinting;

/// <summary>
/// Discards what one guest has volunteered, to keep its footprint at a limit. A host has no such mechanism of its own: pages that a guest reports are
/// discarded at once, and a host that overcommits takes volunteered pages when it is full.
/// </summary>
internal sealed class SimulatedHinting : IHinting, IDisposable
{
    /// <summary>How often the guest is looked at while it is above the limit and has volunteered nothing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly SimulatedDomain _domain;
    private readonly SimulationClock _clock;
    private readonly WorldTrace _trace;
    private ITimer? _next;
    private bool _enforcing;
    private Kib? _limit;

    public SimulatedHinting(SimulatedDomain domain, SimulationClock clock, WorldTrace trace) => (_domain, _clock, _trace) = (domain, clock, trace);

    /// <summary>Why a domain's pages cannot be discarded; <see langword="null"/> when they can.</summary>
    public static string? WhyNot(SimulatedDomain domain)
    {
        if (domain.Hints is not null)
            return domain.Spec.Passthrough ? "a device that is passed through to the domain could write to a discarded page" : null;
        return domain.Spec.Guest.Hinting.Reporting is null
            ? $"the guest of domain {domain.Domid} does not mark its pages unused or volatile"
            : $"the guest of domain {domain.Domid} only reports free pages, and the host has discarded those already";
    }

    public ValueTask<HintingStatus> InspectAsync(CancellationToken cancellation = default) =>
        CallAsync(() => new HintingStatus(_domain.Hints!.Unused, _domain.Hints.Volatile, _domain.Withheld, _limit), cancellation);

    public ValueTask<Pages> SetLimitAsync(Kib? limit, CancellationToken cancellation = default) => CallAsync(() =>
    {
        if (limit != _limit)
            _trace.Write(_domain, limit is { } most ? $"volunteered pages are discarded above {most}" : "no volunteered pages are discarded any more");
        if (_limit is null && limit is not null)
            _domain.MemoryChanged += Watch;
        else if (limit is null && _limit is not null)
            _domain.MemoryChanged -= Watch;
        _limit = limit;
        var discarded = Enforce();
        Schedule(Interval);
        return discarded;
    }, cancellation);

    public ValueTask<Pages> ReturnAsync(Pages most, CancellationToken cancellation = default) =>
        CallAsync(() => _domain.ReturnWithheld(Pages.Max(Pages.Zero, most)), cancellation);

    public void Dispose()
    {
        _domain.MemoryChanged -= Watch;
        _next?.Dispose();
    }

    private Pages Above => _limit is { } limit ? Pages.Max(Pages.Zero, _domain.TotPages - limit.ToPages()) : Pages.Zero;

    private Pages Enforce() => Above is var above && above > Pages.Zero ? _domain.Withhold(above) : Pages.Zero;

    private void Watch() => Schedule(TimeSpan.Zero);

    private void Schedule(TimeSpan delay)
    {
        if (_enforcing || Above == Pages.Zero)
            return;
        _enforcing = true;
        _next ??= _clock.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _next.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Step()
    {
        Enforce();
        _enforcing = false;
        Schedule(Interval);
    }

    private ValueTask<T> CallAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _clock.CallAsync(() => _domain.Gone.IsCancellationRequested ? throw new DomainGoneException(_domain.Domid) : work());
    }
}
