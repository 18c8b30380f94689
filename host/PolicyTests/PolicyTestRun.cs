using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Scenarios;

namespace Actors.Host.PolicyTests;

/// <summary>What came of a test: what is not as expected; nothing when it passed.</summary>
internal sealed record PolicyTestResult(string Test, IReadOnlyList<string> Misses, string Observed)
{
    public bool Passed => Misses.Count == 0;
}

/// <summary>Plays one test: the whole host on a simulated machine in virtual time, with the policy under test for the domain.</summary>
internal sealed class PolicyTestRun(PolicyTest test, string policy, HostOptions options) : IJournal
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly SimulationClock _clock = new(Start(test));
    private JournalEntry? _answer;
    private TimeSpan _ended;

    public PolicyTestResult Play()
    {
        try
        {
            _clock.Run(PlayAsync, Limit);
        }
        catch (SimulationStalledException)
        {
            // Told below: it has not ended.
        }
        catch (HypervisorException error)
        {
            return new PolicyTestResult(test.Name, [$"the world cannot be built: {error.Message}"], "");
        }
        return new PolicyTestResult(test.Name, [.. Misses()], Observed());
    }

    public void Append(JournalEntry entry)
    {
        if (_answer is not null || entry.TargetKib != test.Target.Value || entry.Name != test.Expectation.Domain)
            return;
        if (entry.Outcome == StateKey.NameOf(OutcomeKind.Superseded) && test.Expectation.Outcome != OutcomeKind.Superseded)
            return;
        (_answer, _ended) = (entry, _clock.Elapsed);
    }

    private async Task PlayAsync()
    {
        var machine = new SimulatedMachine(_clock, test.World with { Events = [.. test.World.Events.Append(Wish()).OrderBy(happening => happening.At)] });
        var ground = new HostServices(machine.Host.DomainZero, machine.Host, _clock, this, _ => Log.Silent);
        await using var host = await ActorHost.StartAsync(ground, options with { ShadowsServe = true });
        await machine.Run.StartAsync();
        while (_answer is null)
            await Task.Delay(Look, _clock);
    }

    // As a toolstack writes it: who acts and the knobs first, the target last.
    private WriteEvent Wish()
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

    private IEnumerable<string> Misses()
    {
        var ended = _answer is null ? default((Outcome, TimeSpan)?) : (OutcomeOf(_answer), _ended);
        if (test.Expectation.Miss(test.At, ended) is { } miss)
            yield return miss;
        if (_answer is null)
            yield break;
        if (test.Steps is { } steps && !steps.SequenceEqual(Ran()))
            yield return $"expected the steps {Arrows(steps)}, and it was {Arrows(Ran())}";
        if (test.Reason is { } reason && !_answer.Reason.Contains(reason, StringComparison.OrdinalIgnoreCase))
            yield return $"expected the reason to say '{reason}', and it was: {_answer.Reason}";
    }

    private string Observed() => _answer is null
        ? "nothing came of the target"
        : string.Create(CultureInfo.InvariantCulture, $"{_answer.Outcome} in {_answer.Seconds:0.0} s, steps {Arrows(Ran())}: {_answer.Reason}");

    private IReadOnlyList<string> Ran() =>
        StepNames.Leaves(_answer!.Steps.Where(step => step.Outcome != JournalStep.Skipped).Select(step => step.Actor));

    private static Outcome OutcomeOf(JournalEntry entry) => new()
    {
        Kind = Enum.Parse<OutcomeKind>(entry.Outcome, ignoreCase: true),
        Footprint = new Kib(entry.FootprintKib ?? 0),
        Reason = entry.Reason,
        Actor = entry.Actor,
        Step = entry.Step,
    };

    private static string Arrows(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(" → ", names);

    private static DateTimeOffset Start(PolicyTest test)
    {
        if (test.Clock is not { } clock)
            return SimulationClock.Epoch;
        // Without a date, it is that of the virtual world, and a day later where the world would have to begin before its time.
        var shown = clock.Year > 1 ? new DateTimeOffset(clock, TimeSpan.Zero) : SimulationClock.Epoch.AddDays(1) + clock.TimeOfDay;
        return shown - test.At;
    }
}
