namespace Actors.Dispatch.Journal;

/// <summary>Where outcomes are kept.</summary>
internal interface IJournal
{
    void Append(JournalEntry entry);
}
