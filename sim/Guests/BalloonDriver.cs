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
    private readonly BalloonConduct _conduct;
    private readonly PluggedMemory _plugged;
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
    private Pages _size;
    private TimeSpan _blocked;
    private TimeSpan? _blockedSince;
    private bool _moving;

    public BalloonDriver(SimulatedDomain domain, ReclaimOrder guest, SimulationClock clock, WorldTrace trace, Random noise)
    {
        (_domain, _guest, _clock, _trace, _noise) = (domain, guest, clock, trace, noise);
        _reserve = KernelReserve.Of(domain.Spec.Memory);
        _schedule = new BalloonSchedule { Unlimited = Spec.Driver == BalloonDriverKind.Oldest };
        _starvation = new Starvation(domain, guest, clock, trace);
        _plugged = new PluggedMemory(domain);
        _size = domain.Memory.Populated;
        _conduct = new BalloonConduct(domain, clock, trace, AimHere);
        _floor = InGuest(Kib.Max(Spec.Floor ?? domain.Spec.Offset, Spec.StopsAt ?? domain.Spec.Offset));
        var superpages = domain.Memory.Mappings is not null && Spec.Pages is BalloonPages.Superpages or BalloonPages.Compacting;
        _batch = superpages ? BalloonRules.LargestBatch : Spec.Rate.Batch(BalloonRules.LargestBatch);
        if (domain.Memory.Mappings is not null)
            domain.Memory.OrderBalloon(BalloonOrders.Of(Spec.Pages, noise));
        if (domain.Memory.Mappings is not null && Spec.Pages == BalloonPages.Compacting)
            _repair = new SuperpageRepair(domain, () => _schedule.State == BalloonState.Done && Distance == Pages.Zero, clock, trace, noise);
        _next = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.StateChanged += Resume;
        domain.MemoryChanged += NoticeSize;
    }

    private BalloonSpec Spec => _domain.Spec.Guest.Balloon;

    /// <summary>How long it took from its last target until it was there; <see langword="null"/> when it is not there or never had a second target.</summary>
    public TimeSpan? LastMove { get; private set; }

    /// <summary>How long it could not grow because of max_mem, although the host had memory for it.</summary>
    public TimeSpan BlockedByMaxMem => _blocked + (_blockedSince is { } since ? _clock.Elapsed - since : TimeSpan.Zero);

    private bool Hangs => Spec.Behaviour == BalloonBehaviour.Refuses || (Spec.StopsAt is { } stop && _domain.Memory.Populated <= InGuest(stop));

    /// <summary>The oldest driver never aims above what it holds and what is in its balloon, and keeps the target in mind.</summary>
    private Pages? Reachable => _target is { } target && Spec.Driver == BalloonDriverKind.Oldest
        ? Pages.Min(target, _domain.Memory.Populated + _domain.Memory.Of(PageClass.Ballooned))
        : _target;

    /// <summary>The distance to the target, which Linux calls the credit.</summary>
    private Pages Distance => Reachable is { } target ? target - _domain.Memory.Populated : Pages.Zero;

    /// <summary>Watches the target until the domain is destroyed or the store has released it.</summary>
    public async Task WatchAsync(IXenStore store, CancellationToken cancellation)
    {
        try
        {
            await NumberWatch.RunAsync(store, DomainKeys.BalloonTarget, kib => Aim(new Kib(kib).ToPages()), cancellation);
        }
        catch (ObjectDisposedException)
        {
            _trace.Write(_domain, "balloon stops: the store has released its domain");
        }
    }

    /// <summary>Something in the guest sets the driver's target, as a write to its file in sysfs does.</summary>
    public void AimHere(Pages target)
    {
        if (target == _target)
            return;
        (_target, _announced, _aimed, LastMove) = (target, false, _clock.Elapsed, null);
        if (Distance == Pages.Zero)
            _repair?.Begin();
        if (Distance <= Pages.Zero)
            Block(false);
        if (_schedule.IsWokenBy(_distanceAsleep, Distance))
            Schedule(Pause(_batch));
    }

    public void Dispose()
    {
        _domain.StateChanged -= Resume;
        _domain.MemoryChanged -= NoticeSize;
        _conduct.Dispose();
        _repair?.Dispose();
        _starvation.Dispose();
        _next.Dispose();
    }

    private void Aim(Pages target)
    {
        // The first target is usually the size that the guest was built with, which is not worth a line.
        var first = _target is null;
        if (target == _target)
            return;
        if (!first)
        {
            _trace.Write(_domain, $"balloon moves to {Footprint(target)}");
            _conduct.Ordered(target);
        }
        AimHere(target);
        if (Distance == Pages.Zero && !first)
            Announce($"balloon reached {Footprint(_domain.Memory.Populated)}");
    }

    private void Resume()
    {
        if (!_missedWhilePaused || _domain.State != DomainState.Running)
            return;
        _missedWhilePaused = false;
        Schedule(TimeSpan.Zero);
    }

    /// <summary>A driver that waits or gave up is also woken when something else changes the guest's size.</summary>
    private void NoticeSize()
    {
        if (_domain.Memory.Populated == _size)
            return;
        _size = _domain.Memory.Populated;
        if (!_moving && _schedule.State != BalloonState.Done && _schedule.IsWokenBy(_distanceAsleep, Distance))
            Schedule(Pause(_batch));
    }

    /// <summary>One turn of balloon_thread.</summary>
    private void Run()
    {
        _missedWhilePaused = _domain.State == DomainState.Paused;
        if (_domain.State != DomainState.Running || Reachable is not { } target)
            return;
        if (Hangs)
        {
            Announce($"balloon stays at {Footprint(_domain.Memory.Populated)}, whatever its target");
            return;
        }
        if (_conduct.Sleeps is { } asleep)
        {
            Schedule(asleep);
            return;
        }
        var step = BalloonRules.Next(View(target), _schedule.State);
        _moving = true;
        Do(step);
        _moving = false;
        Block(step is { Move: BalloonMove.Deflate, Amount.Value: 0 } && _domain.HeldByMaxMem);
        var before = _schedule;
        _schedule = _schedule.After(step.State);
        if (_domain.State != DomainState.Running)
            return;
        if (_schedule.State == BalloonState.Cancelled && before.State != BalloonState.Cancelled)
            Announce($"balloon gives up at {Footprint(_domain.Memory.Populated)} on its way to {Footprint(target)}: {step.Why}");
        _distanceAsleep = Distance;
        if (_schedule.State == BalloonState.Done && Distance == Pages.Zero)
            Arrive();
        else
            Schedule(_schedule.State == BalloonState.Done ? Pause(step.Amount) : _schedule.Sleep);
    }

    private void Arrive()
    {
        if (_domain.Memory.Populated == _target)
            LastMove ??= _clock.Elapsed - _aimed;
        Announce($"balloon reached {Footprint(_domain.Memory.Populated)}");
        _repair?.Begin();
    }

    private void Do(BalloonStep step)
    {
        if (step.Move == BalloonMove.ForgetTarget)
            _target = _domain.Memory.Populated;
        else if (step.Move == BalloonMove.Plug)
            _plugged.Add(step.Amount);
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
            memory.Populated, target, memory.Of(PageClass.Ballooned) - _plugged.Left, _plugged.Left,
            Spec.Driver == BalloonDriverKind.Current ? _reserve.Available(memory) : memory.Populated, _reserve.Total,
            Pages.Min(_guest.Takeable, aboveFloor), _domain.Room, _conduct.Batch(_batch));
    }

    private void Block(bool blocked)
    {
        _blocked = BlockedByMaxMem;
        _blockedSince = blocked ? _clock.Elapsed : null;
    }

    /// <summary>Reports once per target how it ended.</summary>
    private void Announce(string happening)
    {
        if (_announced)
            return;
        _announced = true;
        _trace.Write(_domain, happening);
    }

    private TimeSpan Pause(Pages moved) => _conduct.Interval ?? Rate.TimeFor(moved, _noise);

    private Rate Rate => Distance > Pages.Zero ? Spec.DeflateRate ?? Spec.Rate : Spec.Rate;

    private void Schedule(TimeSpan delay) => _next.Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>A footprint as the guest counts it: without the part that the balloon cannot reach.</summary>
    private Pages InGuest(Kib footprint) => (footprint - _domain.Spec.Offset).ToPages();

    private Kib Footprint(Pages inGuest) => inGuest.ToKib() + _domain.Spec.Offset;
}
