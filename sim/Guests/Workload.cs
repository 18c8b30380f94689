using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Guests;

/// <summary>
/// Runs a <see cref="WorkloadSpec"/> in a guest. It runs only when a shape changes, while it allocates at a rate, or when
/// the balloon gave memory back, so an idle guest costs nothing.
/// </summary>
internal sealed class Workload : IDisposable
{
    private static readonly TimeSpan AllocationStep = TimeSpan.FromSeconds(1);

    private readonly SimulatedDomain _domain;
    private readonly WorkloadSpec _spec;
    private readonly ReclaimOrder _guest;
    private readonly SimulationClock _clock;
    private readonly Func<Random> _makeNoise;
    private readonly ITimer _next;
    private readonly TimeSpan _began;
    private Demand _demand;
    private Pages _cached;
    private bool _allocating;
    private bool _denied;
    private Random? _noise;

    public Workload(SimulatedDomain domain, ReclaimOrder guest, SimulationClock clock, Func<Random> noise, TimeSpan began)
    {
        (_domain, _spec, _guest, _clock, _makeNoise, _began) = (domain, domain.Spec.Guest.Workload, guest, clock, noise, began);
        _next = clock.CreateTimer(_ => Update(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        guest.MemoryFreed += OnMemoryFreed;
        domain.StateChanged += Resume;
    }

    /// <summary>Raised after the workload has freed and allocated memory.</summary>
    public event Action? Updated;

    public WorkloadPhase Phase => _spec.At(_clock.Elapsed - _began).Phase;

    /// <summary>The anonymous memory that the workload wants, whether it has it or not.</summary>
    public Pages Anonymous => _demand.WorkingSet + _demand.ColdSet;

    /// <summary>
    /// The part of its anonymous memory that the workload wants and cannot get, from 0 to 1. Memory that it has not allocated yet, because it
    /// allocates at a rate, does not make it wait.
    /// </summary>
    public double Missing => Anonymous == Pages.Zero || !_denied
        ? 0
        : Pages.Max(Pages.Zero, Anonymous - _guest.Held(PageClass.Hot) - _guest.Held(PageClass.Cold)).Value / (double)Anonymous.Value;

    /// <summary>
    /// How many pages of its working set it touches in a second of work that are not in its memory, because it cannot get that much: each must be
    /// read from its swap.
    /// </summary>
    public double SwapIns
    {
        get
        {
            var missing = _denied ? Math.Max(0, (_demand.WorkingSet - _guest.Held(PageClass.Hot)).Value) : 0;
            return missing == 0
                ? 0
                : Phase.TouchRate.Within(TimeSpan.FromSeconds(1)).Value * (double)missing / (_demand.WorkingSet + _guest.Held(PageClass.Kernel)).Value;
        }
    }

    /// <summary>The files that the guest reads, which are in its cache as far as it has memory for them.</summary>
    public Pages Files => _demand.FileCache;

    /// <summary>
    /// The pages of those files that the guest had in its cache and has no more. It reads them from its disk again, and charges nobody for pages that it
    /// reads for the first time.
    /// </summary>
    public Pages Evicted => Pages.Max(Pages.Zero, Pages.Min(_cached, Files) - Cache);

    private Pages Cache => _guest.Held(PageClass.ActiveCache) + _guest.Held(PageClass.InactiveCache);

    public void Dispose()
    {
        _guest.MemoryFreed -= OnMemoryFreed;
        _domain.StateChanged -= Resume;
        _next.Dispose();
    }

    private void Resume()
    {
        if (_domain.State == DomainState.Running)
            _next.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnMemoryFreed()
    {
        if (Phase.AllocationRate is null)
        {
            Satisfy(Phase);
        }
        else if (!_allocating)
        {
            _allocating = true;
            _next.Change(AllocationStep, Timeout.InfiniteTimeSpan);
        }
    }

    private void Update()
    {
        if (_domain.State != DomainState.Running)
            return;
        var (phase, since, left) = _spec.At(_clock.Elapsed - _began);
        _demand = new Demand(
            Wanted(phase.WorkingSet, since), Wanted(phase.ColdSet, since), Wanted(phase.FileCache, since));
        var missing = Satisfy(phase);
        _allocating = missing > Pages.Zero && phase.AllocationRate is not null;
        var change = Sooner(phase.WorkingSet.ChangesIn(since), Sooner(phase.ColdSet.ChangesIn(since), phase.FileCache.ChangesIn(since)));
        if (Sooner(change, Sooner(left, _allocating ? AllocationStep : null)) is { } wait)
            _next.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The earlier of two moments; one that is missing never comes.</summary>
    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    /// <summary>Frees and allocates memory, and returns how much is still missing.</summary>
    private Pages Satisfy(WorkloadPhase phase)
    {
        var most = phase.AllocationRate?.Within(AllocationStep) ?? new Pages(long.MaxValue);
        _denied = false;
        _guest.Release(PageClass.Hot, _guest.Held(PageClass.Hot) - _demand.WorkingSet);
        _guest.Release(PageClass.Cold, _guest.Held(PageClass.Cold) - _demand.ColdSet);
        if (phase.DropsCache)
            DropCache();
        var missing =
            Grow(PageClass.Hot, _demand.WorkingSet, most)
            + Grow(PageClass.Cold, _demand.ColdSet, most)
            + Grow(PageClass.InactiveCache, _demand.FileCache - _guest.Held(PageClass.ActiveCache) - Reread(phase), most);
        _guest.AgeCache();
        _cached = Pages.Max(Pages.Min(_cached, _demand.FileCache), Cache);
        Updated?.Invoke();
        return missing;
    }

    /// <summary>What <see cref="FileReader"/> brings back into the cache, page by page.</summary>
    private Pages Reread(WorkloadPhase phase) => phase.FileReads is null ? Pages.Zero : Evicted;

    private void DropCache()
    {
        _guest.Release(PageClass.InactiveCache, Cache - _demand.FileCache);
        _guest.Release(PageClass.ActiveCache, Cache - _demand.FileCache);
    }

    private Pages Grow(PageClass kind, Pages wanted, Pages most)
    {
        var missing = Pages.Max(Pages.Zero, wanted - _guest.Held(kind));
        var now = Pages.Min(most, missing);
        var got = _guest.Allocate(kind, now);
        _denied |= got < now && kind != PageClass.InactiveCache;
        return missing - got;
    }

    private Pages Wanted(Shape shape, TimeSpan since)
    {
        var deviation = _spec.Noise == 0 ? 1 : 1 + (_spec.Noise * ((2 * (_noise ??= _makeNoise()).NextDouble()) - 1));
        return new Kib((long)(shape.At(since).Value * deviation)).ToPages();
    }

    private readonly record struct Demand(Pages WorkingSet, Pages ColdSet, Pages FileCache);
}
