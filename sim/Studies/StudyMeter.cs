using Actors.Sdk;
using Actors.Sim.Costs;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Memory;
using Actors.Sim.Toolstacks;

namespace Actors.Sim.Studies;

/// <summary>Takes the measures of a run.</summary>
internal sealed class StudyMeter : IDisposable
{
    private const double KibPerMib = 1024;

    private readonly SimulatedHost _host;
    private readonly Toolstack _toolstack;
    private readonly CostMeter _costs;
    private readonly PerDomain<Footprints> _footprints;
    private readonly Footprints _used = new();
    private readonly SeriesMeter? _series;

    /// <param name="host">The machine.</param>
    /// <param name="toolstack">Its toolstack.</param>
    /// <param name="targets">The targets of its domains, if the run is recorded over time.</param>
    public StudyMeter(SimulatedHost host, Toolstack toolstack, TargetObserver? targets = null)
    {
        (_host, _toolstack, _costs) = (host, toolstack, new CostMeter(host, toolstack));
        _footprints = new PerDomain<Footprints>(host, _ => new Footprints());
        _costs.Measured += Sample;
        if (targets is null)
            return;
        _series = new SeriesMeter(host, _costs, targets);
        _costs.Measured += _series.Sample;
    }

    /// <summary>The run over time, if it is recorded.</summary>
    public RunSeries? Series => _series?.Series();

    /// <summary>Ends the measurement and returns the values.</summary>
    public IReadOnlyDictionary<(string Domain, Measure Measure), double> Finish()
    {
        var cost = _costs.Finish();
        var values = new Dictionary<(string Domain, Measure Measure), double>
        {
            [(StudyResult.Host, Measure.SlowDown)] = Percent(cost.SlowDown),
            [(StudyResult.Host, Measure.UsedMost)] = _used.Most,
            [(StudyResult.Host, Measure.UsedMean)] = _used.Mean,
        };
        foreach (var domain in cost.Domains)
            Add(values, domain);
        return values;
    }

    public void Dispose() => _costs.Dispose();

    private void Sample()
    {
        foreach (var (domain, footprints) in _footprints.Present)
            footprints.Add(Mib(domain.TotPages));
        _used.Add(Mib(_host.Spec.Memory.ToPages() - _host.FreePages));
    }

    private void Add(Dictionary<(string Domain, Measure Measure), double> values, DomainCost cost)
    {
        void Value(Measure measure, double value) => values[(cost.Name, measure)] = value;
        void Lost(Measure measure, double seconds) => Value(measure, cost.Seconds == 0 ? 0 : Percent(seconds / cost.Seconds));
        Value(Measure.SlowDown, Percent(cost.SlowDown));
        Value(Measure.SlowDownP95, Percent(cost.P95));
        Lost(Measure.LostSwap, cost.Lost.Swap);
        Lost(Measure.LostPageIn, cost.Lost.PageIn);
        Lost(Measure.LostCopyOnWrite, cost.Lost.CopyOnWrite);
        Lost(Measure.LostWalks, cost.Lost.Walks);
        Lost(Measure.LostBalloon, cost.Lost.Balloon);
        Lost(Measure.LostFileReads, cost.Lost.FileReads);
        Lost(Measure.LostHinting, cost.Lost.Hinting);
        var footprints = _footprints.All[cost.Name];
        Value(Measure.Footprint, footprints.Last);
        Value(Measure.FootprintMean, footprints.Mean);
        Value(Measure.FootprintLeast, footprints.Least);
        if (_host.Find(cost.Name) is { } domain)
            AddState(domain, Value);
    }

    private void AddState(SimulatedDomain domain, Action<Measure, double> value)
    {
        var (memory, spec) = (domain.Memory, domain.Spec.Guest);
        value(Measure.PagedOut, Mib(memory.PagedOut));
        value(Measure.PagedIn, Mib(domain.FaultedIn));
        if (_toolstack.GuestOf(domain)?.LastBalloonMove is { } move)
            value(Measure.BalloonTime, move.TotalSeconds);
        if (memory.Mappings is not { } mappings)
            return;
        value(Measure.Superpages, Percent(mappings.Whole / (double)memory.ChunkCount));
        value(Measure.WalkReferences, PageWalks.Average(MappingShares.Of(memory), spec.HugePages, spec.ContiguousTables));
        value(Measure.Copied, Mib(new Pages(memory.Copied + (mappings.Exchanged * Chunks.Size))));
    }

    private static double Percent(double part) => 100 * part;

    private static double Mib(Pages pages) => pages.ToKib().Value / KibPerMib;

    /// <summary>A size over time.</summary>
    private sealed class Footprints
    {
        private double _sum;
        private long _count;

        public double Last { get; private set; }

        public double Least { get; private set; } = double.MaxValue;

        public double Most { get; private set; }

        public double Mean => _count == 0 ? 0 : _sum / _count;

        public void Add(double size)
        {
            (Last, _sum) = (size, _sum + size);
            (Least, Most) = (Math.Min(Least, size), Math.Max(Most, size));
            _count++;
        }
    }
}
