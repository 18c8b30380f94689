namespace Actors.Host.ScenarioTests;

/// <summary>What a scenario expects, and what happened.</summary>
/// <param name="File">The file.</param>
/// <param name="SecondsPlayed">How long the scenario was played, in simulated time.</param>
/// <param name="Expectations">The expectations, as in the file.</param>
/// <param name="Failure">Why the scenario could not be played; <see langword="null"/> when it was.</param>
internal sealed record ScenarioTestResult(string File, double SecondsPlayed, IReadOnlyList<ExpectationResult> Expectations, string? Failure = null)
{
    public bool Passed => Failure is null && Expectations.All(expectation => expectation.Holds);
}

/// <summary>Whether an expectation holds.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Holds">Whether that happened.</param>
/// <param name="Observed">What happened.</param>
/// <param name="Reason">The reason of the outcome.</param>
/// <param name="Seconds">How long it took from the last target; <see langword="null"/> without an outcome.</param>
internal sealed record ExpectationResult(string Domain, string Expected, bool Holds, string Observed, string Reason, double? Seconds);
