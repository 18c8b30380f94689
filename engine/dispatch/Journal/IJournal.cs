namespace Actors.Dispatch.Journal;

/// <summary>Keeps outcomes.</summary>
internal interface IJournal
{
    void Append(JournalEntry entry);
}
