using Actors.Dispatch.Journal;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Host.ScenarioTests;

/// <summary>The outcome that an entry of the journal records.</summary>
internal static class JournalOutcome
{
    /// <summary>The outcome; <see langword="null"/> if the entry records something else, such as settings that were restored.</summary>
    public static Outcome? Of(JournalEntry entry) => KindOf(entry.Outcome) is not { } kind ? null : new Outcome
    {
        Kind = kind,
        Footprint = new Kib(entry.FootprintKib ?? 0),
        Reason = entry.Reason,
        Actor = entry.Actor,
        Step = entry.Step,
    };

    private static OutcomeKind? KindOf(string word)
    {
        // A domain that was left to another program did not get its target.
        if (word == StateKey.Drifted)
            return OutcomeKind.Short;
        foreach (var kind in Enum.GetValues<OutcomeKind>())
            if (StateKey.NameOf(kind) == word)
                return kind;
        return null;
    }
}
