using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Sdk;
using Actors.Sim.Scenarios;

namespace Actors.Host.ScenarioTests;

/// <summary>An expectation of a scenario, and the outcome of the domain so far: the last one, from when it became that.</summary>
internal sealed class ExpectedOutcome
{
    private const string Target = $"{PolicyKeys.Folder}/{PolicyKeys.Target}";

    private readonly Expectation _expectation;
    private readonly string? _target;
    private readonly TimeSpan _asked;
    private (Outcome Outcome, TimeSpan At)? _since;

    /// <param name="expectation">What is expected.</param>
    /// <param name="events">What happens in the scenario.</param>
    public ExpectedOutcome(Expectation expectation, IEnumerable<ScenarioEvent> events)
    {
        _expectation = expectation;
        var last = events.OfType<WriteEvent>().LastOrDefault(write => write.Domain == expectation.Domain && write.Keys.Any(key => key.Key == Target));
        (_asked, _target) = (last?.At ?? TimeSpan.Zero, last?.Keys.Last(key => key.Key == Target).Value);
    }

    /// <summary>Whether there is an outcome.</summary>
    public bool Ended => _since is not null;

    /// <summary>Notes an entry of the journal.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="at">The time since the start of the scenario.</param>
    public void Note(JournalEntry entry, TimeSpan at)
    {
        if (entry.Name != _expectation.Domain || at < _asked || !IsOfTarget(entry) || JournalOutcome.Of(entry) is not { } outcome)
            return;
        if (_since is null || _since.Value.Outcome.Kind != outcome.Kind)
            _since = (outcome, at);
    }

    /// <summary>The result so far.</summary>
    public ExpectationResult Result()
    {
        var miss = _target is null && !Ended ? $"{_expectation}; nothing in the scenario writes its target" : _expectation.Miss(_asked, _since);
        return new ExpectationResult(_expectation.Domain, _expectation.Wanted, miss is null, Observed(), _since?.Outcome.Reason ?? "", _since is var (_, at) ? (at - _asked).TotalSeconds : null);
    }

    // An older target can end after the last one was written.
    private bool IsOfTarget(JournalEntry entry) =>
        _target is null || entry.TargetKib is not { } kib || kib.ToString(CultureInfo.InvariantCulture) == _target;

    private string Observed() => _since is not var (outcome, at)
        ? _target is null ? "nothing writes a target for it" : "no outcome"
        : string.Create(CultureInfo.InvariantCulture, $"{Expectation.Word(outcome.Kind)}{(outcome.Actor.Length > 0 ? $" by {outcome.Actor}" : "")} after {(at - _asked).TotalSeconds:0.0} s");
}
