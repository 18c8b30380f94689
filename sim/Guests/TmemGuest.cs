using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Guests;

/// <summary>The part of a guest that puts pages into its tmem pools as long as they accept pages.</summary>
internal sealed class TmemGuest : IDisposable
{
    /// <summary>How long it waits when the host has no memory for more pages.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private static readonly Pages LargestBatch = new(512);

    private readonly SimulatedDomain _domain;
    private readonly Random _noise;
    private readonly ITimer _next;
    private readonly Pages _batch;

    public TmemGuest(SimulatedDomain domain, SimulationClock clock, Random noise)
    {
        (_domain, _noise) = (domain, noise);
        _batch = Rate.Batch(LargestBatch);
        _next = clock.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.Tmem.Changed += Wake;
        domain.StateChanged += Wake;
        Wake();
    }

    private Rate Rate => _domain.Spec.Guest.Tmem.Rate;

    public void Dispose()
    {
        _domain.Tmem.Changed -= Wake;
        _domain.StateChanged -= Wake;
        _next.Dispose();
    }

    private void Wake() => _next.Change(Retry, Timeout.InfiniteTimeSpan);

    private void Step()
    {
        if (_domain.State != DomainState.Running || _domain.Tmem.Frozen)
            return;
        var put = _domain.PutTmem(_batch);
        if (put > Pages.Zero)
            _next.Change(Rate.TimeFor(put, _noise), Timeout.InfiniteTimeSpan);
        else if (_domain.Tmem.Wants)
            _next.Change(Retry, Timeout.InfiniteTimeSpan);
    }
}
