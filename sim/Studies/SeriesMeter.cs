using Actors.Sdk;
using Actors.Sim.Costs;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Memory;

namespace Actors.Sim.Studies;

/// <summary>Records a run over time, from the measurements of its costs.</summary>
internal sealed class SeriesMeter(SimulatedHost host, CostMeter costs, TargetObserver targets)
{
    private const double KibPerMib = 1024;
    private const int Dom0 = 0;

    private readonly SeriesRecorder _recorder = new(CostMeter.Every);
    private readonly Dictionary<string, (double Seconds, double Lost)> _before = [];
    private TimeSpan? _last;

    /// <summary>What was recorded.</summary>
    public RunSeries Series() => _recorder.Series();

    /// <summary>Takes a sample.</summary>
    public void Sample()
    {
        // The end of a run can come at the moment of a sample.
        if (host.Clock.Elapsed == _last)
            return;
        _last = host.Clock.Elapsed;
        foreach (var domain in host.Domains)
            Add(domain);
        _recorder.Add(StudyResult.Host, SeriesKind.Footprint, Mib(host.Spec.Memory.ToPages() - host.FreePages));
        AddSlowDowns();
        _recorder.Next();
    }

    private void Add(SimulatedDomain domain)
    {
        var (name, memory) = (domain.Spec.Name, domain.Memory);
        if (domain.Domid == Dom0)
        {
            _recorder.Add(RunSeries.Dom0, SeriesKind.Footprint, Mib(domain.TotPages));
            return;
        }
        _recorder.Add(name, SeriesKind.Footprint, Mib(domain.TotPages));
        _recorder.Add(name, SeriesKind.PagedOut, Mib(memory.PagedOut));
        if (targets.Of(domain.Domid, domain.Spec.Offset) is { } target)
            _recorder.Add(name, SeriesKind.Target, Mib(target.ToPages()));
        if (memory.Mappings is { } mappings)
            _recorder.Add(name, SeriesKind.Shattered, Math.Max(0, Mib(memory.Resident - new Pages((long)mappings.Whole * Chunks.Size))));
    }

    private void AddSlowDowns()
    {
        var (seconds, lost) = (0.0, 0.0);
        foreach (var meter in costs.Domains)
        {
            var before = _before.GetValueOrDefault(meter.Name);
            var (counted, wasted) = (meter.Seconds - before.Seconds, meter.Lost - before.Lost);
            _before[meter.Name] = (meter.Seconds, meter.Lost);
            if (counted <= 0)
                continue;
            _recorder.Add(meter.Name, SeriesKind.SlowDown, 100 * wasted / counted);
            (seconds, lost) = (seconds + counted, lost + wasted);
        }
        if (seconds > 0)
            _recorder.Add(StudyResult.Host, SeriesKind.SlowDown, 100 * lost / seconds);
    }

    private static double Mib(Pages pages) => pages.ToKib().Value / KibPerMib;
}
