using Actors.Sdk;

namespace Actors.Sim;

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
            return $"{Domain}: expected {Words()}, and it has not ended";
        if (outcome.Kind != Outcome || (By is not null && outcome.Actor != By))
            return $"{Domain}: expected {Words()}, and it was {outcome.Kind} by {outcome.Actor}: {outcome.Reason}";
        return at - asked > Within ? $"{Domain}: expected {Words()}, and it took {at - asked}" : null;
    }

    private string Words() =>
        $"{Outcome}{(By is null ? "" : $" by {By}")}{(Within is null ? "" : $" within {Within}")}";
}
