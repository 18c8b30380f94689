using Actors.Dispatch.Journal;
using Actors.Host.Daemon;
using Actors.Host.Recordings;
using Actors.Host.Simulation;
using Actors.Sim.Clock;
using Actors.Sim.Recordings;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Yaml;
using NSubstitute;

namespace Actors.Host.Tests.Recordings;

/// <summary>A host that is recorded and replayed shows the same footprints.</summary>
internal sealed class RecordingRoundTripTests
{
    private const int ToleratedMib = 16;

    // Guests with and without reports, fast and slow drivers; domains that come, go and reboot; targets down and up.
    private const string World = """
        host: { memory: 8GiB }
        domains:
          - { name: web, memory: 1GiB, static_max: 2GiB, guest: { reports: 2s }, workload: { working_set: { shape: sine, least: 100MiB, most: 400MiB, period: 10m } } }
          - { name: slow, memory: 2GiB, guest: { balloon: { rate: 8MiB/s } }, workload: { working_set: 200MiB } }
          - { name: quiet, memory: 512MiB, workload: { working_set: 100MiB } }
          - { name: passing, memory: 256MiB }
        events:
          - { at: 63s, domain: web, target: 600MiB }
          - { at: 71s, domain: slow, target: 1GiB }
          - { at: 118s, domain: quiet, write: { memory/target: 307200 } }
          - { at: 200s, domain: web, target: 900MiB }
          - { at: 222s, domain: passing, do: destroy }
          - { at: 260s, create: { name: late, memory: 512MiB, guest: { reports: 2s } } }
          - { at: 300s, domain: late, target: 300MiB }
          - { at: 333s, domain: slow, target: 1536MiB }
          - { at: 451s, domain: late, do: reboot }

        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    private ScratchFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new ScratchFolder();

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public void The_replay_of_a_recording_has_the_same_footprints_within_one_interval()
    {
        var recorded = Record(ScenarioFile.Parse(World, "world.yaml"));
        File.WriteAllLines(At("tuesday.csv"), recorded);
        File.WriteAllText(At("replay.yaml"), "recording: tuesday.csv\n");
        var replayed = Record(ScenarioFile.Load(At("replay.yaml")));

        var (before, after) = (Footprints(recorded), Footprints(replayed));
        Assert.That(after.Keys, Is.EquivalentTo(before.Keys));
        foreach (var (name, footprints) in before)
            for (var sample = 0; sample < footprints.Length; sample++)
            {
                var around = footprints[Math.Max(0, sample - 1)..Math.Min(footprints.Length, sample + 2)];
                Assert.That(after[name][sample], Is.InRange(around.Min() - ToleratedMib, around.Max() + ToleratedMib), $"{name} at {sample * Interval.TotalSeconds} s of {string.Join(' ', footprints)}");
            }
    }

    [Test]
    public void A_replay_under_another_policy_differs()
    {
        File.WriteAllLines(At("tuesday.csv"), Record(ScenarioFile.Parse(World, "world.yaml")));
        File.WriteAllText(At("replay.yaml"), "recording: { file: tuesday.csv, guest: { balloon: refuses } }\n");
        var scenario = ScenarioFile.Load(At("replay.yaml"));

        Assert.That(Footprints(Record(scenario, "balloon"))["web"][^1], Is.EqualTo(1024).Within(ToleratedMib), "no driver moves");
        Assert.That(Footprints(Record(scenario, "paging"))["web"][^1], Is.EqualTo(900).Within(ToleratedMib), "but the pager does");
    }

    [Test]
    public void A_recording_is_the_same_byte_for_byte()
    {
        List<string> Again() => Record(ScenarioFile.Parse(World, "world.yaml"));
        var first = Again();

        Assert.That(Again(), Is.EqualTo(first));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private static List<string> Record(Scenario world, string policy = HostOptions.StandardPolicy)
    {
        var (clock, lines) = (new SimulationClock(), new List<string>());
        clock.Run(async () =>
        {
            var machine = new SimulatedMachine(clock, world);
            await using var host = await ActorHost.StartAsync(machine.SilentServices(Substitute.For<IJournal>()), new HostOptions
            {
                PluginFolder = ProgramFolder.Plugins,
                PolicyFolder = ProgramFolder.Policies,
                DefaultPolicy = policy,
            });
            await machine.Run.StartAsync();
            var sampler = new HostSampler(machine.Host.DomainZero, cancellation => ListingVerb.ListAsync(machine.Host, cancellation), clock);
            await new HostRecorder(sampler, Interval, clock).RecordAsync(lines.Add, new RecordingLimits(Length, long.MaxValue), CancellationToken.None);
        }, Length + Interval);
        return lines;
    }

    /// <summary>The footprint of each domain in each sample, in MiB; 0 while it is not there.</summary>
    private static Dictionary<string, double[]> Footprints(List<string> lines)
    {
        var problems = new YamlProblems("recording.csv");
        var recording = Recording.Read(lines, null, problems);
        Assert.That(problems.InOrder, Is.Empty);
        return recording!.Samples.SelectMany(sample => sample.Guests).Select(row => row.Name).Distinct().ToDictionary(
            name => name,
            name => recording.Samples.Select(sample => (sample.Guests.FirstOrDefault(row => row.Name == name)?.Footprint.Value ?? 0) / 1024.0).ToArray());
    }
}
