using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.ScenarioTests;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Scenarios;

namespace Actors.Host.PolicyTests;

/// <summary>The result of a test: every difference from what was expected; none if the test passed.</summary>
internal sealed record PolicyTestResult(string Test, IReadOnlyList<string> Differences, string Observed)
{
    public bool Passed => Differences.Count == 0;
}

/// <summary>Runs one test: the whole daemon on a simulated machine in virtual time, with the policy under test for the domain.</summary>
internal sealed class PolicyTestRun(PolicyTest test, string policy, HostOptions options) : IJournal
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly SimulationClock _clock = new(Start(test));
    private JournalEntry? _entry;
    private Outcome? _outcome;
    private TimeSpan _ended;

    private bool IsAsExpected => _outcome?.Kind == test.Expectation.Outcome;

    public PolicyTestResult Play()
    {
        try
        {
            _clock.Run(PlayAsync, Limit);
        }
        catch (SimulationStalledException)
        {
            // The differences report that the target has no outcome.
        }
        catch (HypervisorException error)
        {
            return new PolicyTestResult(test.Name, [$"the world cannot be built: {error.Message}"], "");
        }
        return new PolicyTestResult(test.Name, [.. Differences()], Observed());
    }

    public void Append(JournalEntry entry)
    {
        if (IsAsExpected || entry.TargetKib != test.Target.Value || entry.Name != test.Expectation.Domain)
            return;
        if (JournalOutcome.Of(entry) is not { } outcome || (outcome.Kind == OutcomeKind.Superseded && test.Expectation.Outcome != OutcomeKind.Superseded))
            return;
        (_entry, _outcome, _ended) = (entry, outcome, _clock.Elapsed);
    }

    private async Task PlayAsync()
    {
        var machine = new SimulatedMachine(_clock, test.World with { Events = [.. test.World.Events.Append(TargetWrite()).OrderBy(happening => happening.At)] });
        await using var host = await ActorHost.StartAsync(machine.SilentServices(this), options with { ShadowsServe = true });
        await machine.Run.StartAsync();
        while (!IsAsExpected && !(_entry is not null && _clock.Elapsed >= test.At + (test.Expectation.Within ?? TimeSpan.Zero)))
            await Task.Delay(CheckInterval, _clock);
    }

    // The keys in the order of a toolstack: the actor and the settings first, the target last.
    private WriteEvent TargetWrite()
    {
        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
        var keys = new List<(string, string)> { (PolicyKeys.Actor, $"{ActorKey.Xl}:{policy}") };
        if (test.Timeout is { } timeout)
            keys.Add((PolicyKeys.Timeout, Number(timeout.TotalSeconds)));
        if (test.Floor is { } floor)
            keys.Add((PolicyKeys.Floor, Number(floor.Value)));
        keys.Add((PolicyKeys.Target, Number(test.Target.Value)));
        return new WriteEvent(test.At, test.Expectation.Domain, [.. keys.Select(key => ($"{PolicyKeys.Folder}/{key.Item1}", key.Item2))]);
    }

    private IEnumerable<string> Differences()
    {
        var ended = _outcome is null ? default((Outcome, TimeSpan)?) : (_outcome, _ended);
        if (test.Expectation.Miss(test.At, ended) is { } miss)
            yield return miss;
        if (_entry is null)
            yield break;
        if (test.Steps is { } steps && !steps.SequenceEqual(Ran()))
            yield return $"expected the steps {Arrows(steps)}, but the steps were {Arrows(Ran())}";
        if (test.Reason is { } reason && !_entry.Reason.Contains(reason, StringComparison.OrdinalIgnoreCase))
            yield return $"expected the reason to contain '{reason}', but it is: {_entry.Reason}";
    }

    private string Observed() => _entry is null
        ? "the target has no outcome"
        : string.Create(CultureInfo.InvariantCulture, $"{_entry.Outcome} in {_entry.Seconds:0.0} s, steps {Arrows(Ran())}: {_entry.Reason}");

    private IReadOnlyList<string> Ran() =>
        StepNames.Leaves(_entry!.Steps.Where(step => step.Outcome != JournalStep.Skipped).Select(step => step.Actor));

    private static string Arrows(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(" → ", names);

    private static DateTimeOffset Start(PolicyTest test)
    {
        if (test.Clock is not { } clock)
            return SimulationClock.Epoch;
        // Without a date, the test runs on the second day of the virtual world, so that the start is not before its epoch.
        var shown = clock.Year > 1 ? new DateTimeOffset(clock, TimeSpan.Zero) : SimulationClock.Epoch.AddDays(1) + clock.TimeOfDay;
        return shown - test.At;
    }
}
