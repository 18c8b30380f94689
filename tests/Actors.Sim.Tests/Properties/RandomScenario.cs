using Actors.Sdk;
using Actors.Sim.Scenarios;
using Actors.Sim.Specs;

namespace Actors.Sim.Tests.Properties;

/// <summary>A small machine with a few domains, and events that a careless toolstack could cause, all derived from one seed.</summary>
internal sealed class RandomScenario
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(90);

    private static readonly LifeChange[] Changes = Enum.GetValues<LifeChange>();
    private readonly Random _random;
    private readonly Random _hints;

    private RandomScenario(int seed) => (_random, _hints) = (new Seed(seed).For("scenario"), new Seed(seed).For("hints"));

    public static Scenario Of(int seed) => new RandomScenario(seed).Make(seed);

    private Scenario Make(int seed)
    {
        var domains = Enumerable.Range(1, _random.Next(2, 6)).Select(number => Domain($"d{number}")).ToList();
        var needed = domains.Aggregate(Kib.Zero, (sum, domain) => sum + domain.Memory);
        var host = new HostSpec
        {
            Memory = needed + Size(130, 700),
            Dom0Memory = Kib.FromMiB(128),
            Seed = new Seed(seed),
            PagingDisk = Chance(0.3) ? Size(100, 900) : null,
            XenVersion = new Version(4, Chance(0.5) ? 12 : 17),
            Superpages = Chance(0.5),
            Nodes = Chance(0.3) ? 2 : 1,
            Overcommit = _hints.Next(4) == 0,
            DiscardUnit = _hints.Next(3) == 0 ? Kib.FromMiB(2) : new Kib(4),
        };
        if (host.Overcommit)
            host = host with { Memory = host.Dom0Memory + new Kib(needed.Value / 16 * 12) };
        var names = domains.Select(domain => domain.Name).ToList();
        List<ScenarioEvent> events = [];
        if (Chance(0.5))
        {
            events.Add(new CreateEvent(Moment(), Domain("late")));
            names.Add("late");
        }
        for (var count = _random.Next(5, 40); count > 0; count--)
            events.Add(Event(names[_random.Next(names.Count)]));
        return new Scenario
        {
            Host = host,
            Domains = domains,
            Events = [.. events.OrderBy(next => next.At)],
            Expectations = [],
            Fingerprint = $"{seed}",
        };
    }

    private ScenarioEvent Event(string domain)
    {
        if (Chance(0.35))
            return new LifeEvent(Moment(), domain, Changes[_random.Next(Changes.Length)]);
        if (Chance(0.1))
            return new MaxMemEvent(Moment(), domain, Size(0, 700));
        if (Chance(0.1))
            return new ClaimEvent(Moment(), domain, Chance(0.3) ? Kib.Zero : Size(64, 900));
        if (Chance(0.1))
            return new RemoveEvent(Moment(), domain, DomainKeys.BalloonTarget);
        var key = Chance(0.6) ? DomainKeys.BalloonTarget : DomainKeys.PagingTarget;
        var value = Chance(0.9) ? $"{Size(0, 700).Value}" : Chance(0.5) ? "-1" : "much";
        return new WriteEvent(Moment(), domain, [(key, value)]);
    }

    private DomainSpec Domain(string name)
    {
        var memory = Size(64, 512);
        return new DomainSpec
        {
            Name = name,
            Kind = (DomainKind)_random.Next(3),
            Memory = memory,
            StaticMax = Chance(0.3) ? memory + Size(1, 300) : null,
            SharingGroup = Chance(0.7) ? "g" : null,
            Hap = Chance(0.9),
            Passthrough = Chance(0.1),
            Guest = new GuestSpec
            {
                Reports = Chance(0.3) ? new ReportSpec { Every = TimeSpan.FromSeconds(10) } : null,
                Hinting = Hints(),
                Swap = Chance(0.3) ? Size(0, 128) : Kib.Zero,
                Balloon = new BalloonSpec
                {
                    Behaviour = Chance(0.8) ? BalloonBehaviour.Moves : Chance(0.5) ? BalloonBehaviour.Refuses : BalloonBehaviour.None,
                    Rate = Rate.MiBPerSecond(_random.Next(5, 200)),
                    Pages = (BalloonPages)_random.Next(4),
                    Driver = Chance(0.3) ? (BalloonDriverKind)_hints.Next(1, 3) : BalloonDriverKind.Current,
                    SleepsFor = Chance(0.1) ? TimeSpan.FromSeconds(20) : null,
                    OnePageEvery = Chance(0.1) ? TimeSpan.FromSeconds(5) : null,
                    FightsAfter = Chance(0.1) ? TimeSpan.FromSeconds(10) : null,
                },
                SelfBalloon = Chance(0.3) ? new SelfBalloonSpec { Law = (SelfBalloonLaw)_random.Next(2), Floor = Chance(0.5) ? SelfBalloonFloor.None : null } : null,
                Contents = new ContentSpec { Zero = Size(0, 64), Images = [("debian", Size(0, 80)), ("web", Size(0, 60))] },
                Tmem = Chance(0.4) ? new TmemSpec { Ephemeral = Size(0, 100), Persistent = Size(0, 50) } : new TmemSpec(),
                Workload = new WorkloadSpec
                {
                    Noise = Chance(0.3) ? 0.1 : 0,
                    Phases =
                    [
                        new WorkloadPhase
                        {
                            WorkingSet = Shape(memory, 0.5),
                            ColdSet = Shape(memory, 0.3),
                            FileCache = Shape(memory, 0.5),
                            FileReads = _hints.Next(3) == 0 ? Rate.MiBPerSecond(_hints.Next(1, 50)) : null,
                            FileWrites = _hints.Next(3) == 0 ? Rate.MiBPerSecond(_hints.Next(1, 5)) : null,
                            DropsCache = _hints.Next(4) == 0,
                            AllocationRate = Chance(0.3) ? Rate.MiBPerSecond(_random.Next(1, 50)) : null,
                        },
                    ],
                },
            },
        };
    }

    private HintingSpec Hints() => _hints.Next(4) switch
    {
        0 => new HintingSpec { Reporting = new ReportingSpec { Order = _hints.Next(11), Fragmented = _hints.NextDouble() } },
        1 => new HintingSpec { Cmma = new CmmaSpec { Extent = new Kib(4 << _hints.Next(10)) } },
        _ => new HintingSpec(),
    };

    private Shape Shape(Kib memory, double most)
    {
        Kib Amount() => new((long)(memory.Value * most * _random.NextDouble()));
        return _random.Next(3) switch
        {
            0 => new StepShape(Amount(), Amount(), Moment()),
            1 => new SineShape(Amount(), Amount(), TimeSpan.FromSeconds(_random.Next(5, 60))),
            _ => new ConstantShape(Amount()),
        };
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private TimeSpan Moment() => Length * _random.NextDouble();

    private Kib Size(int least, int most) => new(_random.Next(least * 256, most * 256) * Pages.KibPerPage);
}
