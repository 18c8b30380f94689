using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>
/// The balloon driver in a guest: reads <c>memory/target</c> through the guest's own connection and moves there batch by
/// batch. A failed batch is tried again a few times; then it gives up until a different target comes.
/// </summary>
internal sealed class BalloonDriver : IDisposable
{
    private readonly SimulatedDomain _domain;
    private readonly ReclaimOrder _guest;
    private readonly WorldTrace _trace;
    private readonly Random _noise;
    private readonly ITimer _next;
    private readonly Pages _floor;
    private readonly Pages _batch;
    private Pages? _target;
    private bool _moving;
    private int _failures;

    public BalloonDriver(SimulatedDomain domain, ReclaimOrder guest, SimulationClock clock, WorldTrace trace, Random noise)
    {
        (_domain, _guest, _trace, _noise) = (domain, guest, trace, noise);
        _floor = InGuest(Kib.Max(Spec.Floor ?? domain.Spec.Offset, Spec.StopsAt ?? domain.Spec.Offset));
        _batch = Spec.Rate.Batch(BalloonRules.LargestBatch);
        _next = clock.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.StateChanged += Resume;
    }

    private BalloonSpec Spec => _domain.Spec.Guest.Balloon;

    private bool Hangs => Spec.Behaviour == BalloonBehaviour.Refuses || (Spec.StopsAt is { } stop && _domain.Memory.Populated <= InGuest(stop));

    /// <summary>Watches the target until the domain is gone, or the store has done with it.</summary>
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
            _trace.Write(_domain, "balloon hears no more: the store has released its domain");
        }
    }

    public void Dispose()
    {
        _domain.StateChanged -= Resume;
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
            // Somebody took the node away, or the right to read it; the next event tells when it is back.
            return null;
        }
    }

    private void Aim(Kib target)
    {
        var pages = Pages.Min(target.ToPages(), InGuest(_domain.Spec.Most));
        if (pages == _target)
            return;
        // The first target is where the guest was built to be: nothing to tell.
        if (_target is not null)
            _trace.Write(_domain, $"balloon aims at {Footprint(pages)}");
        (_target, _failures, _moving) = (pages, 0, true);
        Schedule(Spec.Rate.TimeFor(_batch, _noise));
    }

    private void Resume()
    {
        if (_moving && _domain.State == DomainState.Running)
            Schedule(TimeSpan.Zero);
    }

    private void Step()
    {
        if (_domain.State != DomainState.Running || _target is not { } target || !_moving)
            return;
        if (Hangs)
        {
            Rest($"balloon stays at {Footprint(_domain.Memory.Populated)}, whatever its target");
            return;
        }
        var step = BalloonRules.Next(new BalloonView(_domain.Memory.Populated, target, _floor,
            _domain.Spec.Guest.KernelNeed(_domain.Spec.Memory).ToPages(), _guest.Takeable, _domain.Room, _batch));
        switch (step.Move)
        {
            case BalloonMove.Rest:
                Rest($"balloon reached {Footprint(target)}");
                break;
            case BalloonMove.Inflate:
                _guest.Inflate(step.Amount);
                Moved(step.Amount);
                break;
            case BalloonMove.Deflate:
                _guest.Deflate(step.Amount);
                Moved(step.Amount);
                break;
            case BalloonMove.Fail:
                Failed(step.Why);
                break;
            case BalloonMove.Die:
                Rest($"dies, out of memory at {Footprint(_domain.Memory.Populated)}: {step.Why}");
                _domain.SetState(DomainState.Crashed);
                break;
        }
    }

    private void Moved(Pages amount)
    {
        _failures = 0;
        Schedule(Spec.Rate.TimeFor(amount, _noise));
    }

    private void Failed(string why)
    {
        if (++_failures < BalloonRules.Attempts)
            Schedule(BalloonRules.RetryDelay(_failures));
        else
            Rest($"balloon gives up at {Footprint(_domain.Memory.Populated)} on its way to {Footprint(_target!.Value)}: {why}");
    }

    private void Rest(string happening)
    {
        _moving = false;
        _trace.Write(_domain, happening);
    }

    private void Schedule(TimeSpan delay) => _next.Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>A footprint as the guest counts it: without what lies outside the balloon's reach.</summary>
    private Pages InGuest(Kib footprint) => (footprint - _domain.Spec.Offset).ToPages();

    private Kib Footprint(Pages inGuest) => inGuest.ToKib() + _domain.Spec.Offset;
}
