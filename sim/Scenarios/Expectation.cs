using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Sim.Scenarios;

/// <summary>The expected result of a target.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Outcome">The expected outcome.</param>
/// <param name="By">The actor that must report the outcome; any actor when <see langword="null"/>.</param>
/// <param name="Within">The latest time after the domain's last target; any time when <see langword="null"/>.</param>
internal sealed record Expectation(string Domain, OutcomeKind Outcome, string? By, TimeSpan? Within)
{
    /// <summary>A description of what differs from the expectation; <see langword="null"/> when nothing does.</summary>
    /// <param name="asked">When the last target was written, since the start.</param>
    /// <param name="ended">The outcome and its time; <see langword="null"/> when there is none yet.</param>
    public string? Miss(TimeSpan asked, (Outcome Outcome, TimeSpan At)? ended)
    {
        if (ended is not var (outcome, at))
            return $"{this}, and it has not ended";
        if (outcome.Kind != Outcome || (By is not null && outcome.Actor != By))
            return $"{this}, and it was {Word(outcome.Kind)}{(outcome.Actor.Length > 0 ? $" by {outcome.Actor}" : "")}: {outcome.Reason}";
        return at - asked > Within ? $"{this}, and it took {DurationText.Format(at - asked)}" : null;
    }

    /// <summary>What is expected, without the domain.</summary>
    public string Wanted =>
        $"{Word(Outcome)}{(By is null ? "" : $" by {By}")}{(Within is { } within ? $" within {DurationText.Format(within)}" : "")}";

    public override string ToString() => $"{Domain}: expected {Wanted}";

    /// <summary>An outcome as it is written in a scenario.</summary>
    public static string Word(OutcomeKind kind) => kind.ToString().ToLowerInvariant();
}
