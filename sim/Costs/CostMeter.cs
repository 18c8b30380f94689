using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Toolstacks;

namespace Actors.Sim.Costs;

/// <summary>
/// Measures what every domain of a host loses, once a second. A world without a meter pays nothing for it, and one with a meter runs
/// like one without.
/// </summary>
internal sealed class CostMeter : IDisposable
{
    private const int Dom0 = 0;

    /// <summary>How often it measures.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SimulatedHost _host;
    private readonly Toolstack _toolstack;
    private readonly ITimer _timer;
    private readonly Dictionary<string, DomainMeter> _meters = [];
    private TimeSpan _last;

    public CostMeter(SimulatedHost host, Toolstack toolstack)
    {
        (_host, _toolstack, _last) = (host, toolstack, host.Clock.Elapsed);
        _timer = host.Clock.CreateTimer(_ => Add(), null, Every, Every);
    }

    /// <summary>Raised after each interval.</summary>
    public event Action? Measured;

    /// <summary>The domains so far, ordered by when they appeared.</summary>
    public IReadOnlyCollection<DomainMeter> Domains => _meters.Values;

    /// <summary>Counts what is left of the last interval and returns what was lost, ordered by when the domains appeared.</summary>
    public HostCost Finish()
    {
        Add();
        return new HostCost([.. _meters.Values.Select(meter => meter.Cost)]);
    }

    public void Dispose() => _timer.Dispose();

    private void Add()
    {
        var seconds = (_host.Clock.Elapsed - _last).TotalSeconds;
        _last = _host.Clock.Elapsed;
        foreach (var domain in _host.Domains)
            if (domain.Domid != Dom0)
                MeterOf(domain).Add(domain, _toolstack.GuestOf(domain), seconds);
        Measured?.Invoke();
    }

    private DomainMeter MeterOf(SimulatedDomain domain)
    {
        if (!_meters.TryGetValue(domain.Spec.Name, out var meter))
            _meters[domain.Spec.Name] = meter = new DomainMeter(domain.Spec.Name, _host.Spec.Costs);
        return meter;
    }
}
