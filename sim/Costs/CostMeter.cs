using Actors.Sim.Hypervisor;
using Actors.Sim.Toolstacks;

namespace Actors.Sim.Costs;

/// <summary>
/// Measures what every domain of a host loses, once a second. A world without a meter pays nothing for it, and one with a meter runs
/// like one without.
/// </summary>
internal sealed class CostMeter : IDisposable
{
    /// <summary>How often it measures.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SimulatedHost _host;
    private readonly Toolstack _toolstack;
    private readonly ITimer _timer;
    private readonly PerDomain<DomainMeter> _meters;
    private TimeSpan _last;

    public CostMeter(SimulatedHost host, Toolstack toolstack)
    {
        (_host, _toolstack, _last) = (host, toolstack, host.Clock.Elapsed);
        _meters = new PerDomain<DomainMeter>(host, name => new DomainMeter(name, host.Spec.Costs));
        _timer = host.Clock.CreateTimer(_ => Add(), null, Every, Every);
    }

    /// <summary>Raised after each interval.</summary>
    public event Action? Measured;

    /// <summary>The domains so far, ordered by when they appeared.</summary>
    public IEnumerable<DomainMeter> Domains => _meters.All.Values;

    /// <summary>Counts what is left of the last interval and returns what was lost, ordered by when the domains appeared.</summary>
    public HostCost Finish()
    {
        Add();
        return new HostCost([.. _meters.All.Values.Select(meter => meter.Cost)]);
    }

    public void Dispose() => _timer.Dispose();

    private void Add()
    {
        var seconds = (_host.Clock.Elapsed - _last).TotalSeconds;
        _last = _host.Clock.Elapsed;
        foreach (var (domain, meter) in _meters.Present)
            meter.Add(domain, _toolstack.GuestOf(domain), seconds);
        Measured?.Invoke();
    }
}
