using System.Globalization;
using Actors.Sdk;
using Actors.Sim.Recordings;
using Actors.Sim.Scenarios;
using Actors.Sim.Specs;

namespace Actors.Sim.Replays;

/// <summary>A recording as a world: its domains with what they needed, when they came and went, and the targets that were set.</summary>
/// <param name="HostMemory">The memory of the host; <see langword="null"/> if it was not recorded.</param>
/// <param name="Dom0Memory">What dom0 held at first; <see langword="null"/> if it was not recorded.</param>
/// <param name="Domains">The domains that were there at first.</param>
/// <param name="Events">What happened afterwards.</param>
internal sealed record RecordedWorld(Kib? HostMemory, Kib? Dom0Memory, IReadOnlyList<DomainSpec> Domains, IReadOnlyList<ScenarioEvent> Events)
{
    /// <summary>A domain is created this long before it was first seen, and destroyed twice as long before it was missing.</summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromSeconds(1);

    private const string Target = "memory-policy/target";

    /// <summary>Makes a world of a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="guest">What is known about the guests apart from the recording, such as their driver and their swap.</param>
    public static RecordedWorld Of(Recording recording, GuestSpec guest)
    {
        var lives = RecordedLife.In(recording);
        var (domains, events) = (new List<DomainSpec>(), new List<ScenarioEvent>());
        foreach (var life in lives)
        {
            var spec = Spec(life, guest, recording.Interval);
            if (life.Begin == TimeSpan.Zero)
                domains.Add(spec);
            else
                events.Add(new CreateEvent(life.Begin - Earlier, spec));
            if (life.End is { } end)
                events.Add(new LifeEvent(end - (2 * Earlier), life.Name, LifeChange.Destroy));
            var isPolicy = lives.Any(other => other.First.Uuid == life.First.Uuid && other.Rows.Any(row => row.Row.Target is not null));
            events.AddRange(Targets(life, isPolicy ? row => row.Target : row => row.BalloonTarget + spec.Offset, isPolicy));
        }
        var dom0 = recording.Samples.Select(sample => sample.DomainZero).OfType<RecordedDomain>().FirstOrDefault();
        return new RecordedWorld(dom0?.HostTotal, dom0?.Footprint, domains, [.. events.OrderBy(happening => happening.At)]);
    }

    private static DomainSpec Spec(RecordedLife life, GuestSpec guest, TimeSpan interval)
    {
        var (first, reports) = (life.First, life.Rows.Select(row => row.Row.Report).OfType<RecordedReport>().ToList());
        var most = life.Rows.Select(row => Kib.Max(row.Row.Footprint + row.Row.PagedOut, row.Row.StaticMax ?? Kib.Zero)).Aggregate(Kib.Max);
        var spec = new DomainSpec
        {
            Name = life.Name,
            Uuid = first.Uuid,
            Kind = first.Kind,
            Memory = Kib.Max(DomainSpec.Smallest, first.Footprint),
            StaticMax = Kib.Max(DomainSpec.Smallest, most),
            BootTime = TimeSpan.Zero,
            Guest = guest with
            {
                Kernel = guest.Kernel ?? reports.Select(report => report.Kernel).OfType<Kib>().Cast<Kib?>().FirstOrDefault(),
                Swap = guest.Swap > Kib.Zero ? guest.Swap : reports.Select(report => report.SwapTotal ?? Kib.Zero).Append(Kib.Zero).Aggregate(Kib.Max),
                Reports = reports.Count > 0 ? new ReportSpec { Every = interval } : guest.Reports,
                Balloon = guest.Balloon with
                {
                    Rate = RecordedRate.Of(life, shrinking: true) ?? guest.Balloon.Rate,
                    DeflateRate = RecordedRate.Of(life, shrinking: false) ?? guest.Balloon.DeflateRate,
                },
            },
        };
        return spec with { Guest = spec.Guest with { Workload = Workload(life, spec) } };
    }

    private static WorkloadSpec Workload(RecordedLife life, DomainSpec spec) => new()
    {
        Phases = [new WorkloadPhase { WorkingSet = RecordedNeed.WorkingSet(life, spec), FileCache = RecordedNeed.FileCache(life) }],
    };

    // A target that stood at the beginning is set again, unless it is the balloon's: the domain is there already.
    private static IEnumerable<ScenarioEvent> Targets(RecordedLife life, Func<RecordedDomain, Kib?> target, bool fromTheBeginning)
    {
        var before = fromTheBeginning ? null : target(life.First);
        foreach (var (at, row) in life.Rows)
        {
            var now = target(row);
            if (now is { } kib && now != before)
                yield return new WriteEvent(at, life.Name, [(Target, kib.Value.ToString(CultureInfo.InvariantCulture))]);
            else if (now is null && before is not null)
                yield return new RemoveEvent(at, life.Name, Target);
            before = now;
        }
    }
}
