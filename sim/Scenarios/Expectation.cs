using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Sim.Scenarios;

/// <summary>What must come of a target.</summary>
/// <param name="Domain">Of which domain.</param>
/// <param name="Outcome">How it must end.</param>
/// <param name="By">The actor that must end it; any when null.</param>
/// <param name="Within">How long after the domain's last target; any time when null.</param>
internal sealed record Expectation(string Domain, OutcomeKind Outcome, string? By, TimeSpan? Within)
{
    /// <summary>What is not as expected, in words; <see langword="null"/> when all is.</summary>
    /// <param name="asked">When the last target was written.</param>
    /// <param name="ended">How that ended, and when; <see langword="null"/> when it has not.</param>
    public string? Miss(TimeSpan asked, (Outcome Outcome, TimeSpan At)? ended)
    {
        if (ended is not var (outcome, at))
            return $"{Domain}: expected {Wanted()}, and it has not ended";
        if (outcome.Kind != Outcome || (By is not null && outcome.Actor != By))
            return $"{Domain}: expected {Wanted()}, and it was {Word(outcome.Kind)}{(outcome.Actor.Length > 0 ? $" by {outcome.Actor}" : "")}: {outcome.Reason}";
        return at - asked > Within ? $"{Domain}: expected {Wanted()}, and it took {DurationText.Format(at - asked)}" : null;
    }

    private string Wanted() =>
        $"{Word(Outcome)}{(By is null ? "" : $" by {By}")}{(Within is { } within ? $" within {DurationText.Format(within)}" : "")}";

    private static string Word(OutcomeKind kind) => kind.ToString().ToLowerInvariant();
}
