using Actors.Dispatch.Journal;
using Actors.Host.Daemon;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Scenarios;

namespace Actors.Host.ScenarioTests;

/// <summary>Plays a scenario in virtual time, with the whole daemon, and checks what the scenario expects.</summary>
internal sealed class ScenarioTest : IJournal
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an outcome must last after the last event: the daemon notices within seconds what has changed it.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly Scenario _scenario;
    private readonly HostOptions _options;
    private readonly SimulationClock _clock = new();
    private readonly SimulatedMachine _machine;
    private readonly IReadOnlyList<ExpectedOutcome> _outcomes;
    private readonly HashSet<int> _running = [];

    public ScenarioTest(Scenario scenario, HostOptions options)
    {
        (_scenario, _options) = (scenario, options);
        _machine = new SimulatedMachine(_clock, scenario);
        _outcomes = [.. scenario.Expectations.Select(expectation => new ExpectedOutcome(expectation, scenario.Events))];
    }

    private bool IsInProgress =>
        _machine.Run.Elapsed < LastEvent + Lasting || _running.Any(domid => _machine.Host.Find(domid) is not null) || !_outcomes.All(outcome => outcome.Ended);

    private TimeSpan LastEvent => _scenario.Events.Count == 0 ? TimeSpan.Zero : _scenario.Events[^1].At;

    /// <summary>Plays the scenario until its last event, and on until every outcome that is expected is there and has lasted.</summary>
    /// <param name="file">The file of the scenario, for the result.</param>
    /// <param name="stop">Stops the scenario.</param>
    /// <exception cref="OperationCanceledException">The scenario was stopped.</exception>
    public ScenarioTestResult Play(string file, CancellationToken stop)
    {
        string? failure = null;
        try
        {
            _clock.Run(() => PlayAsync(stop), LastEvent + Limit);
        }
        catch (SimulationStalledException)
        {
            // The expectations report what has not ended.
        }
        catch (HypervisorException error)
        {
            failure = $"the world cannot be built: {error.Message}";
        }
        return new ScenarioTestResult(file, _clock.Elapsed.TotalSeconds, [.. _outcomes.Select(outcome => outcome.Result())], failure);
    }

    public void Append(JournalEntry entry)
    {
        foreach (var outcome in _outcomes)
            outcome.Note(entry, _machine.Run.Elapsed);
    }

    private async Task PlayAsync(CancellationToken stop)
    {
        await using var host = await ActorHost.StartAsync(_machine.SilentServices(this), _options, (domain, state) =>
        {
            if (state.Final)
                _running.Remove(domain.Domid);
            else
                _running.Add(domain.Domid);
        }, CancellationToken.None);
        await _machine.Run.StartAsync(CancellationToken.None);
        while (IsInProgress)
        {
            // Another thread cancels the token; the world must stop on its own thread.
            await Task.Delay(CheckEvery, _clock, CancellationToken.None);
            stop.ThrowIfCancellationRequested();
        }
    }
}
