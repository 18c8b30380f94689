using Actors.Sim.Clock;
using Actors.Sim.Hypervisor;
using Actors.Sim.Persistence;
using Actors.Sim.Scenarios;
using Actors.Sim.Specs;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Tests.Properties;

/// <summary>Plays a random scenario to its end, in one to three processes that are killed and resumed, and checks the invariants.</summary>
internal static class RandomRun
{
    /// <summary>Plays the scenario of a seed and returns everything that happened.</summary>
    /// <exception cref="AssertionException">An invariant is violated; the message names the seed and the last events.</exception>
    public static List<string> Play(int seed)
    {
        var folder = Directory.CreateTempSubdirectory("actors-properties-").FullName;
        List<string> trace = [];
        try
        {
            var random = new Seed(seed).For("processes");
            var scenario = RandomScenario.Of(seed);
            var ends = Enumerable.Range(0, random.Next(3)).Select(_ => RandomScenario.Length * random.NextDouble()).Order().ToList();
            foreach (var end in ends)
                Process(Path.Combine(folder, "machine"), scenario, random, end, trace);
            Process(Path.Combine(folder, "machine"), scenario, random, null, trace);
        }
        catch (Exception error)
        {
            throw new AssertionException(
                $"seed {seed}: {error.Message}\nrepeat with: tests/properties/run 1 {seed}\n{string.Join('\n', trace.TakeLast(12))}\n{error.StackTrace}", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return trace;
    }

    /// <summary>One process; a process that is not the last ends as if it were killed at <paramref name="end"/>.</summary>
    private static void Process(string file, Scenario scenario, Random random, TimeSpan? end, List<string> trace)
    {
        using var machine = new MachinePersistence(file, scenario, fresh: false, warning => throw new InvalidDataException(warning));
        var clock = new SimulationClock();
        var store = new EmbeddedXenStore(observer: machine.Nodes);
        var host = new SimulatedHost(clock, store.Connect, scenario.Host, trace.Add);
        var run = new ScenarioRun(scenario, host);
        using var stop = new CancellationTokenSource();
        clock.Run(async () =>
        {
            await machine.BeginAsync(host, run, stop.Token);
            var invariants = new Invariants(host);
            clock.Spawn(invariants.WatchAsync, stop.Token);
            clock.Spawn(new RandomOperator(host, random).RunAsync, stop.Token);
            var left = (end ?? RandomScenario.Length) - run.Elapsed;
            if (left > TimeSpan.Zero)
                await Task.Delay(left, clock);
            stop.Cancel();
            invariants.Check();
            if (end is null)
                await EmptyAsync(host, run, invariants);
        }, TimeSpan.FromHours(1));
    }

    private static async Task EmptyAsync(SimulatedHost host, ScenarioRun run, Invariants invariants)
    {
        while (host.Domains.FirstOrDefault(domain => domain.Domid != 0) is { } domain)
        {
            await run.Toolstack.DestroyAsync(domain.Domid);
            await Task.Delay(TimeSpan.FromSeconds(1), host.Clock);
        }
        invariants.Check();
        Assert.That(host.FreePages.ToKib(), Is.EqualTo(host.Spec.Memory - host.Spec.Dom0Memory), "every page is free when all domains are destroyed");
    }
}
