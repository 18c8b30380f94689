using System.Security.Cryptography;
using System.Text;
using Actors.Sim.Clock;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;
using Actors.Sim.Studies;
using Actors.XenStore.Embedded;

namespace Actors.WorldBench;

/// <summary>One run of a world, and what it took.</summary>
/// <param name="Built">The processor time to build and boot the domains.</param>
/// <param name="Played">The processor time for the rest. The machine's other load hardly changes it.</param>
/// <param name="BytesPerDomain">What a domain occupies when the world is built.</param>
/// <param name="Trace">A hash of everything that happened.</param>
internal sealed record WorldRun(TimeSpan Built, TimeSpan Played, long BytesPerDomain, string Trace)
{
    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>Plays a world on this thread.</summary>
    /// <param name="world">The world.</param>
    /// <param name="length">For how long, after its domains have booted.</param>
    /// <param name="metered">Whether every domain's cost and footprint are measured, as in a study.</param>
    /// <param name="weighed">Whether its memory is measured.</param>
    public static WorldRun Play(Scenario world, TimeSpan length, bool metered = false, bool weighed = false)
    {
        WorldRun? result = null;
        var clock = new SimulationClock();
        clock.Run(async () => result = await PlayAsync(clock, world, length, metered, weighed), length + Slack);
        return result!;
    }

    private static async Task<WorldRun> PlayAsync(SimulationClock clock, Scenario world, TimeSpan length, bool metered, bool weighed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var before = weighed ? GC.GetTotalMemory(forceFullCollection: true) : 0;
        var begun = Environment.CpuUsage.TotalTime;
        var store = new EmbeddedXenStore();
        var host = new SimulatedHost(clock, store.Connect, world.Host, line => hash.AppendData(Encoding.UTF8.GetBytes(line)), store.AnnounceShutdown);
        var run = new ScenarioRun(world, host);
        using var meter = metered ? new StudyMeter(host, run.Toolstack) : null;
        await run.StartAsync();
        await Task.Delay(BootTime, clock);
        var built = Environment.CpuUsage.TotalTime - begun;
        var bytes = weighed ? (GC.GetTotalMemory(forceFullCollection: true) - before) / world.Domains.Count : 0;
        begun = Environment.CpuUsage.TotalTime;
        await Task.Delay(length, clock);
        foreach (var ((domain, measure), value) in (meter?.Finish() ?? new Dictionary<(string, Measure), double>()).OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{domain} {measure} {value:R}"));
        var played = Environment.CpuUsage.TotalTime - begun;
        foreach (var domain in host.Domains)
            hash.AppendData(Encoding.UTF8.GetBytes($"{domain.Domid} {domain.TotPages} {domain.Memory.Of(Sim.Memory.PageClass.Hot)}"));
        return new WorldRun(built, played, bytes, Convert.ToHexString(hash.GetHashAndReset())[..16]);
    }
}
