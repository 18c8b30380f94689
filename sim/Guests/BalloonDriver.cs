using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>
/// The balloon driver in a guest. It reads <c>memory/target</c> through the guest's own connection and moves there batch by batch, with the
/// rules of <see cref="BalloonRules"/> and the schedule of <see cref="BalloonSchedule"/>.
/// </summary>
internal sealed class BalloonDriver : IDisposable
{
    private readonly SimulatedDomain _domain;
    private readonly ReclaimOrder _guest;
    private readonly WorldTrace _trace;
    private readonly Random _noise;
    private readonly ITimer _next;
    private readonly Starvation _starvation;
    private readonly KernelReserve _reserve;
    private readonly Pages _floor;
    private readonly Pages _batch;
    private readonly SuperpageRepair? _repair;
    private readonly SimulationClock _clock;
    private Pages? _target;
    private TimeSpan _aimed;
    private Pages _distanceAsleep;
    private BalloonSchedule _schedule;
    private bool _announced = true;
    private bool _missedWhilePaused;

    public BalloonDriver(SimulatedDomain domain, ReclaimOrder guest, SimulationClock clock, WorldTrace trace, Random noise)
    {
        (_domain, _guest, _clock, _trace, _noise) = (domain, guest, clock, trace, noise);
        _reserve = KernelReserve.Of(domain.Spec.Memory);
        _starvation = new Starvation(domain, guest, clock, trace);
        _floor = InGuest(Kib.Max(Spec.Floor ?? domain.Spec.Offset, Spec.StopsAt ?? domain.Spec.Offset));
        var superpages = domain.Memory.Mappings is not null && Spec.Pages is BalloonPages.Superpages or BalloonPages.Compacting;
        _batch = superpages ? BalloonRules.LargestBatch : Spec.Rate.Batch(BalloonRules.LargestBatch);
        if (domain.Memory.Mappings is not null)
            domain.Memory.OrderBalloon(BalloonOrders.Of(Spec.Pages, noise));
        if (domain.Memory.Mappings is not null && Spec.Pages == BalloonPages.Compacting)
            _repair = new SuperpageRepair(domain, () => _schedule.State == BalloonState.Done && Distance == Pages.Zero, clock, trace, noise);
        _next = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.StateChanged += Resume;
    }

    private BalloonSpec Spec => _domain.Spec.Guest.Balloon;

    /// <summary>How long it took from its last target until it was there; <see langword="null"/> when it is not there or never had a second target.</summary>
    public TimeSpan? LastMove { get; private set; }

    private bool Hangs => Spec.Behaviour == BalloonBehaviour.Refuses || (Spec.StopsAt is { } stop && _domain.Memory.Populated <= InGuest(stop));

    /// <summary>The distance to the target, which Linux calls the credit.</summary>
    private Pages Distance => _target is { } target ? target - _domain.Memory.Populated : Pages.Zero;

    /// <summary>Watches the target until the domain is destroyed or the store has released it.</summary>
    public async Task WatchAsync(IXenStore store, CancellationToken cancellation)
    {
        try
        {
            await using var queue = store.OpenWatchQueue();
            await queue.AddAsync(DomainKeys.BalloonTarget, "target", cancellation);
            while (true)
            {
                await queue.NextAsync(cancellation);
                if (await ReadTargetAsync(store, cancellation) is { } target)
                    Aim(target);
            }
        }
        catch (ObjectDisposedException)
        {
            _trace.Write(_domain, "balloon stops: the store has released its domain");
        }
    }

    public void Dispose()
    {
        _domain.StateChanged -= Resume;
        _repair?.Dispose();
        _starvation.Dispose();
        _next.Dispose();
    }

    private static async Task<Kib?> ReadTargetAsync(IXenStore store, CancellationToken cancellation)
    {
        try
        {
            var text = await store.TryReadTextAsync(DomainKeys.BalloonTarget, cancellation);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? new Kib(kib) : null;
        }
        catch (XenStoreException)
        {
            // The node was removed or is no longer readable; the next event reports when it is back.
            return null;
        }
    }

    private void Aim(Kib target)
    {
        var pages = target.ToPages();
        if (pages == _target)
            return;
        // The first target is usually the size that the guest was built with, which is not worth a line.
        var first = _target is null;
        if (!first)
            _trace.Write(_domain, $"balloon moves to {Footprint(pages)}");
        (_target, _announced, _aimed, LastMove) = (pages, false, _clock.Elapsed, null);
        if (Distance == Pages.Zero && !first)
            Announce($"balloon reached {Footprint(pages)}");
        if (Distance == Pages.Zero)
            _repair?.Begin();
        if (_schedule.IsWokenBy(_distanceAsleep, Distance))
            Schedule(Towards(pages).TimeFor(_batch, _noise));
    }

    private void Resume()
    {
        if (!_missedWhilePaused || _domain.State != DomainState.Running)
            return;
        _missedWhilePaused = false;
        Schedule(TimeSpan.Zero);
    }

    /// <summary>One turn of balloon_thread.</summary>
    private void Run()
    {
        _missedWhilePaused = _domain.State == DomainState.Paused;
        if (_domain.State != DomainState.Running || _target is not { } target)
            return;
        if (Hangs)
        {
            Announce($"balloon stays at {Footprint(_domain.Memory.Populated)}, whatever its target");
            return;
        }
        var step = BalloonRules.Next(View(target), _schedule.State);
        Do(step);
        var before = _schedule;
        _schedule = _schedule.After(step.State);
        if (_domain.State != DomainState.Running)
            return;
        if (_schedule.State == BalloonState.Cancelled && before.State != BalloonState.Cancelled)
            Announce($"balloon gives up at {Footprint(_domain.Memory.Populated)} on its way to {Footprint(target)}: {step.Why}");
        _distanceAsleep = Distance;
        if (_schedule.State == BalloonState.Done && Distance == Pages.Zero)
        {
            LastMove ??= _clock.Elapsed - _aimed;
            Announce($"balloon reached {Footprint(target)}");
            _repair?.Begin();
        }
        else
            Schedule(_schedule.State == BalloonState.Done ? Towards(target).TimeFor(step.Amount, _noise) : _schedule.Sleep);
    }

    private void Do(BalloonStep step)
    {
        if (step.Move == BalloonMove.ForgetTarget)
            _target = _domain.Memory.Populated;
        else if (step.Move == BalloonMove.Deflate && step.Amount > Pages.Zero)
            _guest.Deflate(step.Amount);
        else if (step.Move == BalloonMove.Inflate && step.Amount > Pages.Zero)
            _guest.Inflate(step.Amount);
        if (step.Move == BalloonMove.Inflate)
            _starvation.Check(step.State == BalloonState.Again, _target!.Value);
    }

    private BalloonView View(Pages target)
    {
        var memory = _domain.Memory;
        var aboveFloor = Pages.Max(Pages.Zero, memory.Populated - Pages.Max(_floor, Pages.Zero));
        return new(
            memory.Populated, target, memory.Of(PageClass.Ballooned),
            Spec.Driver == BalloonDriverKind.Older ? memory.Populated : _reserve.Available(memory), _reserve.Total,
            Pages.Min(_guest.Takeable, aboveFloor), _domain.Room, _batch);
    }

    /// <summary>Reports once per target how it ended.</summary>
    private void Announce(string happening)
    {
        if (_announced)
            return;
        _announced = true;
        _trace.Write(_domain, happening);
    }

    private Rate Towards(Pages target) => target > _domain.Memory.Populated ? Spec.DeflateRate ?? Spec.Rate : Spec.Rate;

    private void Schedule(TimeSpan delay) => _next.Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>A footprint as the guest counts it: without the part that the balloon cannot reach.</summary>
    private Pages InGuest(Kib footprint) => (footprint - _domain.Spec.Offset).ToPages();

    private Kib Footprint(Pages inGuest) => inGuest.ToKib() + _domain.Spec.Offset;
}
