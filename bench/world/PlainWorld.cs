using Actors.Sdk;
using Actors.Sim.Scenarios;
using Actors.Sim.Specs;

namespace Actors.WorldBench;

/// <summary>
/// A world of domains of 4 GiB with a balloon driver and a sine as working set, which report nothing. Every ten minutes the toolstack writes a
/// target to each of them, in turn 3 GiB and 4 GiB. No two neighbours have the same period or are moved at the same moment.
/// </summary>
internal static class PlainWorld
{
    private static readonly Kib Memory = Kib.FromGiB(4);
    private static readonly Kib Small = Kib.FromGiB(3);
    private static readonly TimeSpan BetweenTargets = TimeSpan.FromMinutes(10);

    /// <summary>Describes the world.</summary>
    /// <param name="domains">How many domains it has.</param>
    /// <param name="length">How long the toolstack writes targets.</param>
    /// <param name="period">The period of the sines; <see langword="null"/>: all working sets are constant and no target is written.</param>
    /// <param name="superpages">Whether superpages are simulated.</param>
    /// <param name="seed">The seed.</param>
    public static Scenario Of(int domains, TimeSpan length, TimeSpan? period, bool superpages = false, int seed = 1) => new()
    {
        Host = new HostSpec { Memory = Kib.FromGiB(4 * (domains + 1)), Superpages = superpages, Seed = new Seed(seed) },
        Domains = [.. Enumerable.Range(0, domains).Select(index => Domain(index, period))],
        Events = period is null ? [] : [.. Targets(domains, length).OrderBy(next => next.At)],
        Expectations = [],
    };

    private static string NameOf(int index) => $"d{index}";

    private static DomainSpec Domain(int index, TimeSpan? period) => new()
    {
        Name = NameOf(index),
        Memory = Memory,
        Guest = new GuestSpec
        {
            Workload = new WorkloadSpec
            {
                Phases = [new WorkloadPhase { WorkingSet = Working(index, period), FileCache = new ConstantShape(Kib.FromMiB(256)) }],
            },
        },
    };

    private static Shape Working(int index, TimeSpan? period) => period is { } given
        ? new SineShape(Kib.FromMiB(512), Kib.FromGiB(2), given * (1 + (index % 100 / 1000.0)))
        : new ConstantShape(Kib.FromGiB(1));

    private static IEnumerable<ScenarioEvent> Targets(int domains, TimeSpan length)
    {
        for (var index = 0; index < domains; index++)
        {
            var first = BetweenTargets * ((index % 100) + 1) / 100;
            for (var (at, small) = (first, true); at < length; (at, small) = (at + BetweenTargets, !small))
                yield return new WriteEvent(at, NameOf(index), [(DomainKeys.BalloonTarget, $"{(small ? Small : Memory - Kib.FromMiB(1)).Value}")]);
        }
    }
}
