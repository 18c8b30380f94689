using Actors.Sdk;

namespace Actors.Dispatch.Journal;

/// <summary>A journal whose errors never reach the caller. The first error is logged, and so is the first success after it.</summary>
internal sealed class GuardedJournal(IJournal journal, IActorLog log) : IJournal
{
    private int _failing;

    public void Append(JournalEntry entry)
    {
        try
        {
            journal.Append(entry);
            if (Interlocked.Exchange(ref _failing, 0) == 1)
                log.Info("the journal is writable again");
        }
        catch (Exception error)
        {
            if (Interlocked.Exchange(ref _failing, 1) == 0)
                log.Warn($"the journal is not writable, so outcomes are not kept: {error.Message}");
        }
    }
}
