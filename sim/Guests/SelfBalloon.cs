using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>
/// The part of a guest that sets its own balloon's target by what its tasks have committed. dom0 switches it on and off with
/// <c>memory/selfballoon</c>; the guest writes <c>memory/actual</c>, <c>minimum</c> and <c>selftarget</c>. All such guests of a host run for its free
/// memory: who asks first is served first, and the others use their own swap.
/// </summary>
internal sealed class SelfBalloon : IDisposable
{
    private readonly SimulatedDomain _domain;
    private readonly Workload _workload;
    private readonly BalloonDriver _driver;
    private readonly SelfBalloonSpec _spec;
    private readonly SimulationClock _clock;
    private readonly WorldTrace _trace;
    private readonly Pages _reserve;
    private readonly Pages _floor;
    private readonly ITimer _next;
    private IXenStore? _store;
    private bool _on;
    private (Kib Actual, Kib SelfTarget) _written;

    public SelfBalloon(SimulatedDomain domain, Workload workload, BalloonDriver driver, SelfBalloonSpec spec, SimulationClock clock, WorldTrace trace)
    {
        (_domain, _workload, _driver, _spec, _clock, _trace) = (domain, workload, driver, spec, clock, trace);
        _reserve = KernelReserve.Of(domain.Spec.Memory).Total;
        _floor = FloorOf(spec, Most, _reserve);
        _next = clock.CreateTimer(_ => Act(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (spec.On)
            Switch(on: true);
    }

    private Pages Most => (_domain.Spec.Most - _domain.Spec.Offset).ToPages();

    /// <summary>Follows the switch of dom0 until the domain is destroyed or the store has released it.</summary>
    public async Task WatchAsync(IXenStore store, CancellationToken cancellation)
    {
        _store = store;
        try
        {
            await NumberWatch.RunAsync(store, SelfBalloonKeys.Switch, number => Switch(number != 0), cancellation);
        }
        catch (ObjectDisposedException)
        {
            // The balloon driver reports this.
        }
    }

    public void Dispose() => _next.Dispose();

    /// <summary>The size below which a guest does not go.</summary>
    public static Pages FloorOf(SelfBalloonSpec spec, Pages most, Pages reserve) => (spec.Floor ?? DefaultOf(spec.Law)) switch
    {
        SelfBalloonFloor.Kernel => new((long)SelfBalloonRules.KernelFloor(new SelfBalloonView(
            0, (ulong)reserve.Value, (ulong)most.Value, 0, MinUsable: (ulong)(spec.MinUsable ?? Kib.Zero).ToPages().Value))),
        SelfBalloonFloor.Xenballoond => new Kib(SelfBalloonRules.DaemonFloor(most.ToKib().Value * 1024) / 1024).ToPages(),
        _ => Pages.Zero,
    };

    private static SelfBalloonFloor DefaultOf(SelfBalloonLaw law) =>
        law == SelfBalloonLaw.Kernel ? SelfBalloonFloor.Kernel : SelfBalloonFloor.Xenballoond;

    private void Switch(bool on)
    {
        if (on == _on)
            return;
        _on = on;
        _trace.Write(_domain, on ? $"balloons itself, down to {_floor.ToKib() + _domain.Spec.Offset}" : "no longer balloons itself");
        _next.Change(on ? _spec.Every : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Act()
    {
        if (_domain.State == DomainState.Running)
        {
            var target = Target();
            _driver.AimHere(target);
            if (_store is not null)
                _clock.Spawn(cancellation => WriteAsync(_store, target.ToKib(), cancellation), _domain.Gone);
        }
        _next.Change(_spec.Every, Timeout.InfiniteTimeSpan);
    }

    private Pages Target()
    {
        var (total, committed) = (_domain.Memory.Populated, _workload.Anonymous);
        var target = _spec.Law == SelfBalloonLaw.Kernel
            ? new Pages((long)SelfBalloonRules.KernelTarget(
                new SelfBalloonView((ulong)total.Value, (ulong)_reserve.Value, (ulong)Most.Value, (ulong)committed.Value, (ulong)_spec.Reserved.ToPages().Value),
                (ulong)_floor.Value))
            : new Kib(SelfBalloonRules.DaemonTarget(total.ToKib().Value * 1024, committed.ToKib().Value * 1024, _floor.ToKib().Value * 1024) / 1024).ToPages();
        return Pages.Min(target, Most);
    }

    private async Task WriteAsync(IXenStore store, Kib target, CancellationToken cancellation)
    {
        var now = (_domain.Memory.Populated.ToKib(), target);
        if (now == _written)
            return;
        _written = now;
        try
        {
            await store.WriteTextAsync(SelfBalloonKeys.Actual, Number(now.Item1), cancellation);
            await store.WriteTextAsync(SelfBalloonKeys.Minimum, Number(_floor.ToKib()), cancellation);
            await store.WriteTextAsync(SelfBalloonKeys.SelfTarget, Number(target), cancellation);
        }
        catch (Exception error) when (error is XenStoreException or ObjectDisposedException)
        {
            // The toolstack removed the nodes, or released the domain.
        }
    }

    private static string Number(Kib amount) => amount.Value.ToString(CultureInfo.InvariantCulture);
}
