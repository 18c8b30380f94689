using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;

namespace Actors.Sim.Guests;

/// <summary>
/// When a guest dies because its balloon took too much. Below <see cref="GuestSpec.DiesBelow"/> it dies at once. An older driver takes the last
/// free page: when the target is below what the kernel needs, the guest dies at once; otherwise it dies about a minute later, as PV
/// guests did on
/// a real Xen, unless it has free memory again by then.
/// </summary>
internal sealed class Starvation : IDisposable
{
    private static readonly TimeSpan Survives = TimeSpan.FromSeconds(60);

    private readonly SimulatedDomain _domain;
    private readonly ReclaimOrder _guest;
    private readonly WorldTrace _trace;
    private readonly ITimer _end;
    private bool _starving;

    public Starvation(SimulatedDomain domain, ReclaimOrder guest, SimulationClock clock, WorldTrace trace)
    {
        (_domain, _guest, _trace) = (domain, guest, trace);
        _end = clock.CreateTimer(_ => End(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private GuestSpec Spec => _domain.Spec.Guest;

    public void Dispose() => _end.Dispose();

    /// <summary>Checks the guest after a batch.</summary>
    /// <param name="failed">Whether the driver did not get all pages that it wanted.</param>
    /// <param name="target">The guest's size that the driver wants.</param>
    public void Check(bool failed, Pages target)
    {
        if (Spec.DiesBelow is { } least && _domain.Memory.Populated.ToKib() + _domain.Spec.Offset < least)
            Die($"it needs {least}");
        else if (!failed || Spec.Balloon.Driver == BalloonDriverKind.Current || Spec.Balloon.Floor is not null || _guest.Takeable > Pages.Zero)
            return;
        else if (target.ToKib() + _domain.Spec.Offset < Spec.KernelNeed(_domain.Spec.Memory))
            Die("its target is below what its kernel needs");
        else if (!_starving)
            _starving = _end.Change(Survives, Timeout.InfiniteTimeSpan);
    }

    private void End()
    {
        _starving = false;
        if (_domain.State == DomainState.Running && _guest.Takeable == Pages.Zero)
            Die("its balloon has taken all of its free memory");
    }

    private void Die(string why)
    {
        _trace.Write(_domain, $"dies, out of memory at {_domain.Memory.Populated.ToKib() + _domain.Spec.Offset}: {why}");
        _domain.SetState(DomainState.Crashed);
    }
}
