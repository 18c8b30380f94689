namespace Actors.Dispatch.Journal;

/// <summary>The result of one step of a chain.</summary>
internal sealed record JournalStep(int Step, string Actor, string Outcome, long FootprintKib, double Seconds, string Reason)
{
    /// <summary>The outcome of a step that did not run because its condition was false.</summary>
    public const string Skipped = "skipped";
}
