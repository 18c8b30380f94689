using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.Daemon;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Scenarios;
using Actors.Sim.Studies;

namespace Actors.Host.Studies;

/// <summary>
/// Plays one run of a study on a virtual clock, on the calling thread. The daemon runs in it if the toolstack sets targets there; otherwise
/// only the simulated machine does.
/// </summary>
internal static class StudyRun
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>Plays a run for as long as the study says.</summary>
    /// <param name="run">The run.</param>
    /// <param name="length">How long it lasts.</param>
    /// <param name="options">The settings of the daemon.</param>
    /// <param name="overTime">Whether the run is also recorded over time; its results do not depend on that.</param>
    /// <param name="stop">Stops the run.</param>
    /// <exception cref="OperationCanceledException">The user stopped the study.</exception>
    public static StudyResult Play(StudyCase run, TimeSpan length, HostOptions options, bool overTime, CancellationToken stop)
    {
        StudyResult? result = null;
        try
        {
            var clock = new SimulationClock();
            clock.Run(async () => result = await PlayAsync(clock, run, length, Options(run, options), overTime, stop), length + Slack);
            return result!;
        }
        catch (Exception error) when (error is HypervisorException or SimulationStalledException)
        {
            return new StudyResult(run, new Dictionary<(string, Measure), double>(), error.Message);
        }
    }

    private static async Task<StudyResult> PlayAsync(
        SimulationClock clock, StudyCase run, TimeSpan length, HostOptions? options, bool overTime, CancellationToken stop)
    {
        var targets = overTime ? new TargetObserver() : null;
        var machine = new SimulatedMachine(clock, run.World, observer: targets);
        await using var host = options is null ? null : await ActorHost.StartAsync(machine.SilentServices(new NoJournal()), options, cancellation: CancellationToken.None);
        using var meter = new StudyMeter(machine.Host, machine.Run.Toolstack, targets);
        await machine.Run.StartAsync(CancellationToken.None);
        var end = clock.Elapsed + length;
        while (clock.Elapsed < end)
        {
            // Another thread cancels the token; a run must stop on its own thread.
            await Task.Delay(end - clock.Elapsed < CheckEvery ? end - clock.Elapsed : CheckEvery, clock, CancellationToken.None);
            stop.ThrowIfCancellationRequested();
        }
        return new StudyResult(run, meter.Finish()) { Series = meter.Series };
    }

    private static HostOptions? Options(StudyCase run, HostOptions options) => !SetsTargets(run.World)
        ? null
        : options with { DefaultPolicy = run.Variant.Policy ?? options.DefaultPolicy };

    private static bool SetsTargets(Scenario world) => world.Events.OfType<WriteEvent>()
        .Any(write => write.Keys.Any(key => key.Key.StartsWith($"{PolicyKeys.Folder}/", StringComparison.Ordinal)));

    /// <summary>A study looks at what the domains lose, not at how targets ended.</summary>
    private sealed class NoJournal : IJournal
    {
        public void Append(JournalEntry entry)
        {
        }
    }
}
